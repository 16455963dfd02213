"""What the types of facts are called in the office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from catalog.definitions import FIELD_TYPES

NAMES = {
    "text": gettext_lazy("一行文字"),
    "longtext": gettext_lazy("几行文字"),
    "person_name": gettext_lazy("姓名"),
    "organisation_name": gettext_lazy("单位名称"),
    "select": gettext_lazy("单选"),
    "multiselect": gettext_lazy("多选"),
    "date": gettext_lazy("日期"),
    "datetime": gettext_lazy("日期和时间"),
    "integer": gettext_lazy("整数"),
    "decimal": gettext_lazy("小数"),
    "boolean": gettext_lazy("是或否"),
    "id_kind": gettext_lazy("证件类型"),
    "id_number": gettext_lazy("证件号码"),
    "phone": gettext_lazy("电话"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "bank_account": gettext_lazy("银行账号"),
    "division": gettext_lazy("行政区划"),
    "address": gettext_lazy("地址"),
    "email": gettext_lazy("邮箱"),
    "postcode": gettext_lazy("邮政编码"),
    "signature": gettext_lazy("签名"),
}
TYPES = [("", "—"), *((each, NAMES.get(each, each)) for each in sorted(FIELD_TYPES))]
