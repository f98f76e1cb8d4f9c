"""Every picture is a beginning: what can be made from one, where it came from, and its versions.

What is made goes the way of every generation; this room knows what each operation needs of a picture and a model.
"""
