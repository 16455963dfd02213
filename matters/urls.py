"""The addresses of everything about applications: applying, following, reviewing."""

from matters import urls_apply, urls_review, urls_track

app_name = "matters"
urlpatterns = [*urls_apply.urlpatterns, *urls_track.urlpatterns, *urls_review.urlpatterns]
