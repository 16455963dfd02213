"""Who gave which data to whom in an application, and when; names only, to its applicant alone."""

from __future__ import annotations

from django.urls import reverse

from matters.models import SubItem
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from matters.tracking.hand_overs import hand_overs_of
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import VALUES, build_case, draft_of
from tests.worlds.town import advance


def test_each_hand_over_has_its_moment_once_it_happened(db: None) -> None:
    case = build_case()
    draft = draft_of(case, **VALUES)
    for paper in ("birth_record", "marriage"):
        upload(logged_in(case.li), draft, ("a.jpg", PHOTO), material=paper)
    draft.refresh_from_db()
    bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    advance([bundle.pk])
    given = hand_overs_of(bundle)
    by_applicant = [each for each in given if each.giver == "申请人"]
    assert {each.receiver.partition(" · ")[0] for each in by_applicant} == {"市公安局", "市医疗保障局"}
    assert all(each.at == bundle.submitted_at for each in by_applicant)
    assert any("结婚证" in name for each in by_applicant for name in each.what)
    (between,) = [each for each in given if each not in by_applicant]
    assert (between.at, between.state) == (None, "等它办结")
    part = SubItem.objects.for_case().get(bundle=bundle, key="register")
    claim(case.wang, part)
    decide(case.wang, accept(case.wang, part), "approved", outputs={"number": "360103202603010024"})
    (between,) = [each for each in hand_overs_of(bundle) if each.giver != "申请人"]
    part.refresh_from_db()
    assert between.at == part.decision.decided_at
    address = reverse("matters:bundle_hand_overs", args=[bundle.number])
    page = page_of(logged_in(case.li).get(address))
    assert "360103202603010024" not in page
    assert "李小满" not in page
    assert logged_in(case.stranger).get(address).status_code == 404
