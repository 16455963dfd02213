"""What readers of the guides in the package found to contradict itself in them: code, declared, found."""

from __future__ import annotations

from typing import Any

GUIDES: dict[str, list[tuple[str, Any, Any]]] = {
    "g_newborn_cb": [
        ("materials_count", 4, 14),
        ("days_shorter_than_item", 5, 30),
        ("lead_in_cooperating", "卫健部门", None),
    ],
    "g_restaurant_hr": [
        ("days_shorter_than_item", 4, 10),
        ("lead_in_cooperating", "市监部门", None),
    ],
    "g_change_cl": [
        ("days_shorter_than_item", 6, 15),
        ("lead_in_cooperating", "市监部门", None),
        ("department_missing", None, "银行"),
    ],
    "g_credit_xn": [
        ("trips_two_values", 1, 0),
        ("trips_vs_text", 1, "全程网办，无需到现场办理"),
        ("department_missing", None, "列入名单的部门"),
        (
            "required_but_conditional",
            "required",
            ["信用修复申请书", "守信承诺书", "履行法定义务纠正违法行为的相关材料"],
        ),
    ],
    "g_graduate_cs": [
        ("materials_count", 1, 20),
        ("days_longer_than_items", 20, 10),
        ("days_two_values", 20, 10),
        ("lead_in_cooperating", "人社部门", None),
        ("department_missing", None, "住建部门"),
        ("department_idle", ["税务部门", "市监部门"], None),
        ("exempt_mismatch", "none", ["营业执照"]),
        ("exempt_mismatch", "none", ["单位专管员身份证"]),
        (
            "required_but_conditional",
            "required",
            ["《调档函》", "批准文件或事业单位法人证书", "营业执照", "民办非企业法人登记证书", "社会团体法人登记证书"],
        ),
        (
            "required_but_exclusive",
            "required",
            {
                "public_body": ["批准文件或事业单位法人证书"],
                "enterprise": ["营业执照"],
                "private_nonprofit": ["民办非企业法人登记证书"],
                "association": ["社会团体法人登记证书"],
            },
        ),
    ],
    "g_retire_cs": [
        ("materials_count", 3, 8),
        ("days_shorter_than_item", 22, 35),
        ("lead_in_cooperating", "人社部门", None),
        ("department_missing", None, "公安部门"),
        ("exempt_mismatch", "none", ["退休一件事申请表", "养老金申领承诺书（个人）"]),
    ],
    "g_dereg_lk": [
        ("materials_count", 10, 8),
        ("days_shorter_than_item", 5, 11),
        ("lead_in_cooperating", "市监部门", None),
        ("department_missing", None, "住建部门"),
        ("department_missing", None, "银行"),
        ("duplicate_internal_no", "M43TCN00080003", ["税务机关出具的清税证明", "注销决议或决定"]),
        (
            "required_but_conditional",
            "required",
            ["简易注销全体投资人承诺书", "注销决议或决定", "清算报告", "债权人公告"],
        ),
        (
            "required_but_exclusive",
            "required",
            {"simple": ["简易注销全体投资人承诺书"], "normal": ["注销决议或决定", "清算报告", "债权人公告"]},
        ),
    ],
    "g_school_yx": [
        ("materials_count", 2, 5),
        ("days_longer_than_items", 30, 15),
        ("lead_in_cooperating", "教育部门", None),
    ],
    "g_sscard_kf": [
        ("days_shorter_than_item", 1, 35),
        ("lead_in_cooperating", "人社部门", None),
    ],
}

# Of single items: code, and the names of the papers joined as people write them.
ITEMS: dict[str, list[tuple[str, str]]] = {
    "birth_reg": [("paper_vs_zero_visit", "《出生医学证明》、申请人居民户口簿、新生儿父母的结婚证（或非婚生育说明）")],
    "ss_card_apply": [],
    "resident_insure": [("required_but_conditional", "湖南省城乡居民基本医疗保险参保登记汇总表")],
    "food_permit": [
        ("required_but_conditional", "营业执照或者其他主体资格证明文件复印件、主要设备设施、经营布局、操作流程等文件")
    ],
    "food_small": [("required_but_conditional", "营业执照等主体资格证明文件")],
    "co_change": [
        ("required_but_conditional", "修改后的章程或修正案及决议决定、变更公司名称申请、变更后住所使用相关文件")
    ],
    "co_dereg_simple": [("required_but_conditional", "公司股东名册、缴回营业执照正、副本、外文材料及中文翻译件")],
    "co_dereg_normal": [
        (
            "required_but_conditional",
            "清算报告、刊登债权人公告的报纸样张、清税证明材料、批准文件复印件、缴回营业执照正、副本、外文材料及中文翻译件",
        )
    ],
    "seal": [],
    "employ_reg": [],
    "unemploy_reg": [],
    "employ_cert": [],
    "ftz_hukou": [("paper_vs_zero_visit", "毕业证（或职业资格证书）")],
    "flex_insure": [],
    "pension": [],
    "fund_retire": [("required_but_conditional", "退休证或退休批文")],
    "one_child": [
        ("required_but_conditional", "中华人民共和国退休证、独生子女证遗失证明"),
        ("required_but_exclusive", "《独生子女证》或《独生子女父母光荣证》或《无子女证明》 / 独生子女证遗失证明"),
    ],
    "residence": [
        ("required_but_conditional", "本人照片"),
        ("required_but_exclusive", "居住地住址证明材料 / 就业证明材料 / 就读证明材料"),
    ],
    "id_first": [],
    "id_renew": [],
    "id_reissue": [],
    "fund_change": [
        ("required_but_conditional", "住房公积金单位信息变更申请表、营业执照副本证明材料、专管员身份证、职工身份证明")
    ],
    "ss_card_info": [],
    "hukou_proof": [],
    "birth_plan": [],
}

# Contradictions in words that can be found as well.
IN_WORDS: dict[str, set[str]] = {
    "g_newborn_cb": {"condition_vs_material", "flow_vs_items", "material_never_applies", "one_child_per_case"},
    "g_restaurant_hr": {"empty_condition", "group_dependent_required", "required_but_item_optional"},
    "g_change_cl": {"empty_condition", "naming", "no_faq", "result_name", "self_authorised_exempt"},
    "g_credit_xn": {"condition_scope", "faq_vs_list", "flow_text", "not_a_service"},
    "g_graduate_cs": {
        "condition_dead_end",
        "condition_without_item",
        "faq_vs_condition",
        "item_material_missing",
        "numbering_gap",
        "wrong_form",
    },
    "g_retire_cs": {
        "age_rule",
        "faq_vs_material",
        "item_material_missing",
        "required_but_conditional",
        "required_but_item_optional",
        "serial_dependency",
    },
    "g_dereg_lk": {
        "item_vs_condition",
        "material_vs_condition",
        "order",
        "result_as_material",
        "statutory_wait_ignored",
        "subject",
    },
    "g_school_yx": {"department_missing", "exempt_all_none", "item_naming", "region_mismatch"},
    "g_sscard_kf": {"condition_vs_material", "not_transactional", "proactive_vs_material", "text_vs_trips"},
}
