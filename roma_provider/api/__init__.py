"""ROMA Connect over HTTP. Imports nothing of Pulumi, so that other programs can use it too."""
