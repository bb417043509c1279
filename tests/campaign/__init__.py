"""Random interruptions on the real engine, each decided by a seed, and what they leave.

`plan` draws a trial, `world` holds its stack and emulator, `interruptions` breaks into a run, `recovery` does what a
user does who follows the messages, `judge` looks what is left, and `trial` runs it all.
"""
