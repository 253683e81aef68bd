"""Measures: how well a build finds what was put into sound documents."""
