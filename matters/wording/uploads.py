"""Why a file was not taken, and what to do: one sentence a code, in the applicant's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.models import Scan, SubmittedMaterial

SENTENCES: dict[str, Any] = {
    "none_chosen": gettext_lazy("还没有选择文件。请先选择照片或 PDF，再点“上传”。"),
    "empty": gettext_lazy("这个文件是空的，没有内容。请重新选择。"),
    "too_large": gettext_lazy("这个文件超过 %(limit)s MB，没有上传。请改传照片，或把 PDF 压缩、拆成几个文件再传。"),
    "too_many_files": gettext_lazy("这项材料已有 %(limit)s 个文件。请先移除不需要的，再上传。"),
    "not_accepted": gettext_lazy("这项材料不收 %(kind)s 文件。请换一种格式再传。"),
    "unknown_type": gettext_lazy("这个文件不是照片，也不是 PDF。请上传 JPG、PNG 照片或 PDF。"),
    "program": gettext_lazy("这个文件其实是程序，不是照片或 PDF，为了安全没有接收。请重新拍照上传。"),
    "page": gettext_lazy("这个文件其实是网页或矢量图（HTML、SVG），不能接收。请上传 JPG、PNG 照片或 PDF。"),
    "archive": gettext_lazy("这个文件其实是压缩包或 Word、Excel 文档。请先另存为 PDF，或拍照后上传。"),
    "office": gettext_lazy("这个文件其实是 Word、Excel 文档。请先另存为 PDF，或拍照后上传。"),
    "other_picture": gettext_lazy("不能接收这种图片格式。请另存为 JPG 或 PNG，或直接拍照上传。"),
    "heic": gettext_lazy("这是 HEIC 照片，暂时不能接收。请在手机“设置—相机—格式”里选“兼容性最佳”，重拍一张再传。"),
    "avif": gettext_lazy("这是 AVIF 图片，暂时不能接收。请另存为 JPG 或 PNG，或直接拍照上传。"),
    "video": gettext_lazy("这是视频或录音，不能作为材料。请上传照片或 PDF。"),
    "broken_picture": gettext_lazy("这张图片打不开，可能已损坏或没有传完整。请重新拍照或另选一张。"),
    "odd_picture": gettext_lazy(
        "这张图片的颜色格式少见，转换后会看不清，没有接收。请另存为普通的 JPG，或直接拍照上传。"
    ),
    "too_many_pixels": gettext_lazy("这张图片的像素太大，打不开。请用手机普通模式重拍，或缩小后再传。"),
    "too_small": gettext_lazy("这张图片只有 %(width)s×%(height)s 像素，看不清内容。请重新拍照。"),
    "broken_pdf": gettext_lazy("这个 PDF 打不开，可能已损坏或没有传完整。请重新导出，或拍照上传。"),
    "locked_pdf": gettext_lazy("这个 PDF 设了密码或权限限制，工作人员打不开。请去掉密码后再传，或拍照上传。"),
    "script_pdf": gettext_lazy(
        "这个 PDF 里带有会自动运行的内容，为了安全没有接收。请用“打印—另存为 PDF”重新生成后再传。"
    ),
    "attachment_pdf": gettext_lazy(
        "这个 PDF 里夹带了别的文件，为了安全没有接收。请用“打印—另存为 PDF”重新生成后再传。"
    ),
    "mixed_file": gettext_lazy("这个文件里混有别的内容，为了安全没有接收。请用“打印—另存为 PDF”重新生成，或拍照上传。"),
    "virus": gettext_lazy(
        "这个文件查出病毒，没有接收。请换一台干净的设备重新拍照，或用“打印—另存为 PDF”重新生成后再传。"
    ),
    "busy": gettext_lazy("现在上传的人很多，这个文件没有传上；您填写的内容都在。请等几秒再传一次。"),
    "too_fast": gettext_lazy("您上传得太快，这个文件没有传上；您填写的内容都在。请过一分钟再传。"),
    "no_pages": gettext_lazy("这个 PDF 里一页也没有。请重新导出。"),
    "too_many_pages": gettext_lazy("这个 PDF 超过 %(limit)s 页。请只上传需要的几页。"),
    "too_much_pdf": gettext_lazy(
        "这个 PDF 展开后内容太多，一般的电脑打不开，没有接收。请用“打印—另存为 PDF”重新生成，或拍照上传。"
    ),
    "storage_full": gettext_lazy("文件暂时存不下，没有上传成功。您填写的内容都在，请过一会儿再传。"),
}

# What is said of a file that was taken.
NOTES: dict[str, Any] = {
    "signature_lost": gettext_lazy(
        "“%(name)s”已收下，但里面的电子签名没有保留：签名核对不上、没有覆盖整个文件，或文件签名前后有过改动。工作人员看到的是没有签名的页面。"
    ),
    "comments_lost": gettext_lazy(
        "“%(name)s”已收下，但里面的批注、影音没有保留。写在批注里的内容要给工作人员看的，请用“打印—另存为 PDF”重新生成后再传。"
    ),
    "scan_pending": gettext_lazy("“%(name)s”已收下，正在等待查毒。查毒以前谁也打不开它；您可以接着办，不用重新上传。"),
}
# What stands beside a paper, for everybody who sees it.
PAPER_WORDS: dict[str, Any] = {
    "forgotten": gettext_lazy("保存期限已满，文件已销毁"),
    "pending": gettext_lazy("待查毒，暂时打不开"),
    "infected": gettext_lazy("查出病毒，已封存，打不开"),
    "signature_lost": gettext_lazy("电子签名没有保留"),
    "comments_lost": gettext_lazy("批注没有保留"),
}

# What is said in place of a kept file that is not what its row says, by `FileDamaged.reason`.
DAMAGED: dict[str, Any] = {
    "missing": gettext_lazy("这个文件现在找不到，已经记录下来。请稍后再试；一直打不开，请告诉系统管理员。"),
    "changed": gettext_lazy("这个文件与登记的不一致，所以没有给您打开，已经记录下来。请告诉系统管理员。"),
}


def upload_sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """Return the sentence for a refusal's code."""
    return str(SENTENCES[code]) % {"limit": limit_megabytes(), **(params or {})}


def notes_of(paper: SubmittedMaterial) -> list[str]:
    """Return the sentences that tell its owner what became of a file that was taken."""
    codes = [paper.note, "scan_pending" if paper.scan == Scan.PENDING and paper.is_held else ""]
    return [str(NOTES[code]) % {"name": paper.original_name} for code in codes if code]


def paper_words(paper: SubmittedMaterial) -> str:
    """Return what stands beside a paper, mostly nothing."""
    if paper.forgotten_at is not None:
        return str(PAPER_WORDS["forgotten"])
    code = paper.scan if paper.is_held else paper.note
    return str(PAPER_WORDS[code]) if code else ""


def limit_megabytes() -> int:
    """Return the size limit of one file in whole megabytes, as it is told to people."""
    return int(settings.YIJIAN_UPLOAD_LIMIT_BYTES) // (1024 * 1024)


def size_label(size: int) -> str:
    """Return a file's size as people say it."""
    if size < 1024 * 1024:
        return _("%(size)s KB") % {"size": max(1, round(size / 1024))}
    return _("%(size)s MB") % {"size": f"{size / 1024 / 1024:.1f}"}
