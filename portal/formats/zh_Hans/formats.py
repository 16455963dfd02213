"""Short dates in Chinese, for tables; the long ones are Django's own."""

SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
