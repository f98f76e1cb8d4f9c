"""Easel, a self-hosted AI image design studio.

The rooms, from the roof down; imports go downwards only and `make check` holds that:

``app``        composition: settings in, a running web server, worker or command out
``features``   what the product does, a folder each, ranked
``core``       what every feature stands on: transactions, events, jobs, HTTP; no product nouns
``providers``  adapters to image models    ``storage``  the object store    ``media``  pixels
``base``       database base, errors, settings, ids, clock, crypto, logging
"""

__version__ = "0.1.0"
