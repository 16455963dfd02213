"""Addresses of the applicant's path."""

from django.urls import path

from matters.views import apply, apply_confirm, apply_form, apply_materials, apply_submit, documents

app_name = "matters"

urlpatterns = [
    path("apply/<slug:slug>/", apply.start, name="start"),
    path("drafts/<uuid:draft_id>/situation/", apply.situation, name="situation"),
    path("drafts/<uuid:draft_id>/discard/", apply.discard_draft, name="discard_draft"),
    path("drafts/<uuid:draft_id>/form/", apply_form.form, name="form"),
    path("drafts/<uuid:draft_id>/autosave/", apply_form.autosave, name="autosave"),
    path("drafts/<uuid:draft_id>/materials/", apply_materials.materials, name="materials"),
    path("drafts/<uuid:draft_id>/materials/<uuid:paper_id>/", apply_materials.material_file, name="material_file"),
    path(
        "drafts/<uuid:draft_id>/materials/<uuid:paper_id>/remove/",
        apply_materials.material_remove,
        name="material_remove",
    ),
    path("drafts/<uuid:draft_id>/documents/", documents.draft_documents, name="draft_documents"),
    path("drafts/<uuid:draft_id>/documents/<str:name>/", documents.draft_document, name="draft_document"),
    path("drafts/<uuid:draft_id>/check/", apply_submit.check, name="check"),
    path("drafts/<uuid:draft_id>/confirm/", apply_confirm.confirm, name="confirm"),
    path("drafts/<uuid:draft_id>/submit/", apply_submit.submit, name="submit"),
    path("drafts/<uuid:draft_id>/submitted/", apply_submit.submitted, name="submitted"),
    path("drafts/<uuid:draft_id>/receipt/", apply_submit.receipt, name="receipt"),
]
