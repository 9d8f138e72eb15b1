"""Paths of a structure’s site, then of the network’s."""

from django.urls import URLPattern

structure: list[URLPattern] = []
reseau: list[URLPattern] = []
