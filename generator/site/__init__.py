"""Builds the site from `generated/docs`; runs with the packages of `requirements-site.lock` alone."""
