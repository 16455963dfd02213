"""From a frozen face to the bytes of a page: nothing but the face and the public address goes in.

``page_template`` draws what all certificates of a type share once, with WeasyPrint; ``page`` puts one certificate's values onto it
(``page/stamping``). A change of how a certificate looks is a change of ``templates/print/certificate.html`` (what all share), ``page/layout.py``
(where a value stands) or ``page/stamping.py`` (the value itself).
"""
