"""Form fields for what definitions are made of: rules, lists, codes of the dictionaries. They work without JavaScript."""

from catalog.composing.fields.codes import CodeField, ConfidenceField, KeysField
from catalog.composing.fields.rows import (
    ModelRow,
    ModelRowsField,
    ObjectRow,
    PairsField,
    RowForm,
    RowsField,
    TextsField,
)
from catalog.composing.fields.rules import DecisionRuleField, RuleField
