"""What one person, and one address, may do to applications and at a window in a minute."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from portal.lib.braking import Brake

UPLOADS = Brake("upload", by_person=60, by_address=600)
DRAFTS = Brake("draft", by_person=20, by_address=200)
SAVES = Brake("save", by_person=240, by_address=2400)
SUBMITS = Brake("submit", by_person=20, by_address=200)
INQUIRIES = Brake("inquiry", by_person=20, by_address=200)
DISPUTES = Brake("dispute", by_person=10, by_address=100)
MESSAGES = Brake("message", by_person=10, by_address=100)
IDENTITIES = Brake("identity", by_person=10, by_address=100)

TOO_MANY_DRAFTS = gettext_lazy("您新开的申请太多、太快，这一份还没有开始；选的内容都在。请过一分钟再试。")
TOO_MANY_INQUIRIES = gettext_lazy("查询得太快了，这一次没有办。请过一分钟再试，或者直接上传材料。")
TOO_MANY_MESSAGES = gettext_lazy("消息写得太快了，这一条还没有发出。请过一分钟再发。")
TOO_MANY_IDENTITIES = gettext_lazy("核验得太快了，这一次还没有核对。请过一分钟再试。")
