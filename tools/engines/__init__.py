"""How tools/engine.py finds or builds a Pulumi engine. Standard library only: it runs without the virtual environment.

`parts`: what an engine is made of, with versions and costs. `on_path`: whether the `pulumi` of PATH serves.
`building`: Go, and one part built with it. `cache`: the folders in which parts and engines are kept.
`modules`: the pinned Go modules, one folder each.
"""
