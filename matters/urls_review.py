"""The reviewers' addresses."""

from django.urls import path

from matters.views.case_actions import act
from matters.views.review import case, case_paper, next_case, queue, review_home

urlpatterns = [
    path("review/", review_home, name="review_home"),
    path("review/cases/<str:number>/", case, name="case"),
    path("review/cases/<str:number>/materials/<uuid:paper>/", case_paper, name="case_paper"),
    path("review/cases/<str:number>/<str:action>/", act, name="case_action"),
    path("review/<slug:department>/", queue, name="queue"),
    path("review/<slug:department>/next/", next_case, name="next_case"),
]
