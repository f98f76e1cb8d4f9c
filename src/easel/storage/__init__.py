"""Where files are kept: one interface over a local folder, memory, S3, Google Cloud Storage and Azure.

Holds: keys and bytes, the durability of a local folder, what a store's failure means in words. Holds not:
pixels, database rows, HTTP; nobody else imports obstore.

`base` has the interface (`Storage`, `open_storage`) and its errors.
"""
