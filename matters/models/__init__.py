"""Rows: drafts, bundles, sub-items, papers, tasks, decisions and corrections, with the questions asked of them (``querysets``)."""

from matters.models.advice import Advice
from matters.models.amendments import Amendment
from matters.models.automatic import PersonCheck, RuleEvaluation, RuleSwitch
from matters.models.benefits import BenefitMatch, BenefitPolicy
from matters.models.cases import Bundle, Channel, Draft, Scan, SubItem, SubmittedMaterial
from matters.models.contradictions import Contradiction
from matters.models.conversation import CaseMessage, CaseNote
from matters.models.deficiencies import OF_FIELDS, SAID_BY_KIND, DeficiencyKind, DeficiencyPhrase
from matters.models.desk import BulkAction, BulkLine, OfficerAbsence, SavedView
from matters.models.disputes import FactDispute
from matters.models.documents import FiledDocument
from matters.models.extending import Extension
from matters.models.figures import DailyFigure
from matters.models.grounds import DecisionPhrase
from matters.models.handing_over import DepartmentSystem, HandedOver, SystemDifference, SystemEvent
from matters.models.held_values import HeldValues
from matters.models.inspection import Inspection
from matters.models.letters import DocumentSeries, OfficialDocument
from matters.models.noticing import CorrectionNotice
from matters.models.points import PointVerdict
from matters.models.procedures import SpecialProcedure
from matters.models.promises import PaperPromise
from matters.models.renewals import Renewal, RenewalReminder
from matters.models.reviewing import CorrectionItem, CorrectionRequest, Decision, GivenNumber, ReviewTask
from matters.models.rounds import ExtraRound
from matters.models.satisfying import MaterialSatisfaction
from matters.models.signing import DecisionProposal, ProposalSignature, SigningRule
from matters.models.supervising import DeadlineCard, SupervisoryOrder

__all__ = [
    "OF_FIELDS",
    "SAID_BY_KIND",
    "Advice",
    "Amendment",
    "BenefitMatch",
    "BenefitPolicy",
    "BulkAction",
    "BulkLine",
    "Bundle",
    "CaseMessage",
    "CaseNote",
    "Channel",
    "Contradiction",
    "CorrectionItem",
    "CorrectionNotice",
    "CorrectionRequest",
    "DailyFigure",
    "DeadlineCard",
    "Decision",
    "DecisionPhrase",
    "DecisionProposal",
    "DeficiencyKind",
    "DeficiencyPhrase",
    "DepartmentSystem",
    "DocumentSeries",
    "Draft",
    "Extension",
    "ExtraRound",
    "FactDispute",
    "FiledDocument",
    "GivenNumber",
    "HandedOver",
    "HeldValues",
    "Inspection",
    "MaterialSatisfaction",
    "OfficerAbsence",
    "OfficialDocument",
    "PaperPromise",
    "PersonCheck",
    "PointVerdict",
    "ProposalSignature",
    "Renewal",
    "RenewalReminder",
    "ReviewTask",
    "RuleEvaluation",
    "RuleSwitch",
    "SavedView",
    "Scan",
    "SigningRule",
    "SpecialProcedure",
    "SubItem",
    "SubmittedMaterial",
    "SupervisoryOrder",
    "SystemDifference",
    "SystemEvent",
]
