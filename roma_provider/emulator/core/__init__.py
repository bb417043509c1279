"""What the emulator is without HTTP: what was ordered, how far it is, what goes wrong, what is remembered.

Rests on nothing but the standard library. Begin with `store` and `timeline`.
"""
