"""Keeping a library tidy: pictures that are there twice, and rules that clear away what nobody wants."""
