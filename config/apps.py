"""Every process that sets Django up knows the Celery app: without it, tasks would be sent to a broker nobody runs."""

from django.apps import AppConfig

from config.celery import app

__all__ = ["ConfigConfig", "app"]


class ConfigConfig(AppConfig):
    name = "config"
