"""Pictures that people bring: uploads, also in parts, addresses, and folders from the command line.

What becomes of them once they are in is `library`'s; take-outs of other studios are `takeout`'s.
"""
