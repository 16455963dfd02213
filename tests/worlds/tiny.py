"""A tiny catalog as a package of files: two departments, two items that wait for each other, one matter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TINY = {
    "sources.yaml": "S1: 一份指南\n",
    "divisions.yaml": '- {code: "360000", name: 江西省, level: province}\n',
    "departments.yaml": (
        '- {code: market, name: 示例市市场监督管理局, short_name: 市场监管, division: "360000"}\n'
        "- {code: tax, name: 示例市税务局, short_name: 税务, credit_code: 11360100999991056A}\n"
    ),
    "elements.yaml": (
        "- {code: company.name, name: 企业名称, type: organisation_name}\n"
        "- {code: company.capital, name: 注册资本, type: decimal, constraints: {min: 0}, unit: 元}\n"
        "- {code: company.licence_number, name: 执照编号, type: text}\n"
    ),
    "materials.yaml": "- {code: charter, name: 公司章程, accept: [pdf]}\n- {code: licence, name: 营业执照}\n",
    "certificate_types.yaml": (
        "- slug: business_licence\n  code: 11360100999991056A001\n  name: 营业执照\n  department: market\n"
        "  face:\n    - {code: name, label: 名称, label_en: Name}\n"
    ),
    "en.yaml": "市场监管: Market\n",
    "opening/en.yaml": "开办企业: Opening a company\n",
    "opening/matter.yaml": """\
schema: 1
slug: opening
name: 开办企业
subject: organisation
stage: 准入准营
lead_department: market
roles:
  - {key: company, label: 企业, is_applicant: true}
sections:
  - {key: basic, label: 基本信息}
questions:
  - key: invoices
    text: 要领用发票吗
    options:
      - {value: "no", label: 不要}
      - {value: "yes", label: 要}
items:
  - {item: registration}
  - item: invoicing
    condition: {"==": [{var: answers.invoices}, "yes"]}
    after:
      - {item: registration, kind: result_feeds, what: 先有执照}
faqs:
  - {question: 要多久, answer: 一天}
""",
    "opening/items/registration.yaml": """\
slug: registration
name: 企业设立登记
department: market
item_type: "01"
handling: promised
promised_limit_days: 1
visits: 1
legal_basis: [{law: 公司法, article: 第二十九条}]
lines:
  - {code: MC, role: company, element: company.name, label: 名称, section: basic}
  - {code: ZB, role: company, element: company.capital, label: 注册资本, section: basic, sources: [S1], confidence: seen}
materials:
  - {material: charter, reason: 登记}
outputs:
  - {code: number, label: 执照编号, type: text, feeds: "company:company.licence_number"}
results:
  - {certificate_type: business_licence, face: {name: "field:company:company.name"}}
visits_together: 0
fees: []
""",
    "opening/items/invoicing.yaml": """\
slug: invoicing
name: 发票领用
department: tax
item_type: "20"
handling: immediate
promised_limit_days: 1
visits: 1
lines:
  - {code: QYMC, role: company, element: company.name, label: 纳税人名称, section: basic}
  - {code: ZZ, role: company, element: company.licence_number, label: 执照编号, section: basic}
materials:
  - {material: licence, exemptions: [{kind: result, reference: registration}]}
visits_together: 0
""",
}


def write_package(root: Path, files: Mapping[str, str] = TINY) -> Path:
    """Write the files of a package into a folder, and return the folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
