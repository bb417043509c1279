"""`roma import`: a Python program that declares instances as they are, and takes them over.

``wanted`` says which instances are meant (ids, names, all, or those of a state of Terraform, ``terraform``);
``found`` reads each and tries its declaration as `pulumi up` will; ``program`` writes the text. Begin with ``command``.
"""
