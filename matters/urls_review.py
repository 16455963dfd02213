"""The reviewers' addresses."""

from django.urls import path

from matters.views.advice import advice, advice_list
from matters.views.automatic import automatic, automatic_check, automatic_switch
from matters.views.barometer import barometer
from matters.views.bulk import bulk, bulk_action
from matters.views.case_actions import act
from matters.views.department_systems import department_system, own_difference, system_events
from matters.views.desk import absence_end, absences, case_reassign, next_case
from matters.views.disputes import answer, disputes
from matters.views.documents import case_document
from matters.views.inspection import inspected_case, inspected_paper, inspection
from matters.views.leading import lead_desk, remind, settle
from matters.views.letters import case_letter
from matters.views.orders import give, order, orders
from matters.views.people import people
from matters.views.phrases import decision_phrases
from matters.views.review import case, case_certificate, case_paper, find, queue, review_home
from matters.views.saved_views import saved_views

urlpatterns = [
    path("review/", review_home, name="review_home"),
    path("review/inspection/", inspection, name="inspection"),
    path("review/barometer/", barometer, name="barometer"),
    path("review/orders/", orders, name="orders"),
    path("review/orders/<int:order_id>/", order, name="order"),
    path("review/inspection/<str:number>/order/", give, name="order_give"),
    path("review/inspection/<str:number>/", inspected_case, name="inspected_case"),
    path("review/inspection/<str:number>/materials/<uuid:paper>/", inspected_paper, name="inspected_paper"),
    path("review/advice/", advice_list, name="advice_list"),
    path("review/advice/<int:number>/", advice, name="advice"),
    path("review/lead/", lead_desk, name="lead_desk"),
    path("review/lead/cases/<str:number>/", remind, name="lead_remind"),
    path("review/lead/contradictions/<int:contradiction>/", settle, name="settle_contradiction"),
    path("review/disputes/", disputes, name="disputes"),
    path("review/disputes/<uuid:dispute>/", answer, name="dispute_answer"),
    path("review/cases/<str:number>/", case, name="case"),
    path("review/cases/<str:number>/materials/<uuid:paper>/", case_paper, name="case_paper"),
    path("review/cases/<str:number>/certificates/<uuid:certificate>/", case_certificate, name="case_certificate"),
    path("review/cases/<str:number>/documents/<uuid:document>/", case_document, name="case_document"),
    path("review/cases/<str:number>/letters/<uuid:letter>/", case_letter, name="case_letter"),
    path("review/cases/<str:number>/reassign/", case_reassign, name="case_reassign"),
    path("review/cases/<str:number>/<str:action>/", act, name="case_action"),
    path("review/<slug:department>/", queue, name="queue"),
    path("systems/<slug:system>/events/", system_events, name="system_events"),
    path("review/<slug:department>/system/", department_system, name="department_system"),
    path("review/<slug:department>/system/differences/<int:difference>/", own_difference, name="own_difference"),
    path("review/<slug:department>/automatic/", automatic, name="automatic"),
    path("review/<slug:department>/automatic/switch/", automatic_switch, name="automatic_switch"),
    path("review/<slug:department>/automatic/checks/<int:check>/", automatic_check, name="automatic_check"),
    path("review/<slug:department>/bulk/", bulk, name="bulk"),
    path("review/<slug:department>/bulk/<int:action>/", bulk_action, name="bulk_action"),
    path("review/<slug:department>/phrases/", decision_phrases, name="decision_phrases"),
    path("review/<slug:department>/views/", saved_views, name="saved_views"),
    path("review/<slug:department>/find/", find, name="queue_find"),
    path("review/<slug:department>/absences/", absences, name="absences"),
    path("review/<slug:department>/absences/<int:absence>/end/", absence_end, name="absence_end"),
    path("review/<slug:department>/people/", people, name="people"),
    path("review/<slug:department>/next/", next_case, name="next_case"),
]
