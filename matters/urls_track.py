"""The applicant's addresses after submitting."""

from django.urls import path

from matters.views.barometer import statistics
from matters.views.benefits import benefits, decline_benefit
from matters.views.continuing import continue_rest
from matters.views.correction import correction
from matters.views.disputes import dispute
from matters.views.documents import bundle_document, bundle_documents
from matters.views.letters import bundle_letter
from matters.views.messages import write
from matters.views.promises import later_papers
from matters.views.renewing import renew
from matters.views.track import (
    ask_person,
    bundle,
    bundle_list,
    hand_overs,
    own_paper,
    readings,
    receipt,
    withdraw_bundle,
)

urlpatterns = [
    path("statistics/", statistics, name="statistics"),
    path("dossier/dispute/", dispute, name="dispute"),
    path("benefits/", benefits, name="benefits"),
    path("benefits/<uuid:match>/decline/", decline_benefit, name="decline_benefit"),
    path("certificates/<uuid:id>/renew/", renew, name="renew"),
    path("bundles/", bundle_list, name="bundle_list"),
    path("bundles/<str:number>/", bundle, name="bundle"),
    path("bundles/<str:number>/receipt/", receipt, name="bundle_receipt"),
    path("bundles/<str:number>/documents/", bundle_documents, name="bundle_documents"),
    path("bundles/<str:number>/documents/<uuid:document>/", bundle_document, name="bundle_document"),
    path("bundles/<str:number>/letters/<uuid:letter>/", bundle_letter, name="bundle_letter"),
    path("bundles/<str:number>/readings/", readings, name="bundle_readings"),
    path("bundles/<str:number>/hand-overs/", hand_overs, name="bundle_hand_overs"),
    path("bundles/<str:number>/withdraw/", withdraw_bundle, name="bundle_withdraw"),
    path("bundles/<str:number>/messages/", write, name="bundle_messages"),
    path("bundles/<str:number>/rest/", continue_rest, name="bundle_rest"),
    path("bundles/<str:number>/person-check/", ask_person, name="bundle_person_check"),
    path("bundles/<str:number>/materials/<uuid:paper>/", own_paper, name="bundle_paper"),
    path("bundles/<str:number>/later/", later_papers, name="later_papers"),
    path("bundles/<str:number>/corrections/<int:request_id>/", correction, name="correction"),
]
