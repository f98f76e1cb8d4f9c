"""Signing in with others: OpenID Connect issuers and GitHub, and tokens that an issuer signed.

Protocol only: what an account is, and whose it becomes, is the business of `features.accounts`.
"""
