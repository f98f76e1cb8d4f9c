"""Exports: pictures as a ZIP, with what is known of them, streamed while it is made and taken up again anywhere."""
