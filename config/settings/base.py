"""Settings of every process. From the environment, `.env`, or what the supervisor wrote under RECADO_HOME (docs: README, .env.example)."""

import base64
import hashlib
import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import environ
import sentry_sdk
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.settings.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")
RECADO_HOME = Path(env("RECADO_HOME", default=str(BASE_DIR / ".data"))).absolute()
env.read_env(RECADO_HOME / "run" / "services.env")
env.read_env(RECADO_HOME / "keys.env")

RECADO_ENV = env("RECADO_ENV", default="development")
IS_PRODUCTION = RECADO_ENV == "production"
DEBUG = env.bool("DEBUG", default=False)


def required(name: str, fallback: str) -> str:
    """The setting's value. In production a missing one stops the start with its name; elsewhere `fallback` serves."""
    value = env(name, default="")
    if value:
        return value
    if IS_PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. RECADO_ENV=production needs it: set {name} in the environment or in .env.")
    return fallback


SECRET_KEY = required("SECRET_KEY", "development-only-key-that-signs-nothing-of-value")
DEVELOPMENT_FIELD_KEY = base64.urlsafe_b64encode(hashlib.sha256(SECRET_KEY.encode()).digest()).decode()
FIELD_KEYS = [key.strip() for key in required("FIELD_KEYS", DEVELOPMENT_FIELD_KEY).split(",") if key.strip()]
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:6379/0")
DATABASE_URL = required("DATABASE_URL", "postgresql://recado@127.0.0.1:5432/recado")

HOST = env("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
BASE_DOMAIN = env("BASE_DOMAIN", default="localhost")
PUBLIC_URL = env("PUBLIC_URL", default=f"http://{BASE_DOMAIN}:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if not IS_PRODUCTION else [BASE_DOMAIN, f".{BASE_DOMAIN}"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[f"https://*.{BASE_DOMAIN}", f"https://{BASE_DOMAIN}"])

# --- apps: what lives in public, what lives in each company's schema (house §1) --------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "django_celery_beat",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_standardized_errors",
    "corsheaders",
    "django_vite",
]
TENANT_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.admin",
    "accounts",
    "contacts",
    "connectors",
    "tickets",
    "chatbots",
    "flows",
    "campaigns",
    "reports",
]
# unfold first: django-tenants has an admin template of its own that would hide unfold's.
FIRST_APPS = ["daphne"] * DEBUG + ["unfold"]
INSTALLED_APPS = FIRST_APPS + SHARED_APPS + [app for app in TENANT_APPS if app not in FIRST_APPS] + ["config"]

TENANT_MODEL = "tenants.Company"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
PLATFORM_SCHEMA = "platform"
AUTH_USER_MODEL = "accounts.User"
# auth.E003 asks for unique=True on the e-mail; ours is unique in any case (a constraint on its lower case), which it does not see.
# security.W021 asks for the browsers' preload list: whether a whole domain goes there for good is its owner's decision.
# drf_spectacular.W001 is about the names of enumerations in the OpenAPI document: `manage.py spectacular` shows it.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "security.W021", "drf_spectacular.W001"]
ROOT_URLCONF = "config.urls"
PLATFORM_URLCONF = "config.platform_urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the tables that go up (house §2) ---------------------------------------------------------------------------------------------
INBOUND = "config.inbound.handle"
REACTIONS = "config.reactions.REACTIONS"
TIMERS = "config.timers.TIMERS"
ROOMS = "config.rooms.ROOMS"
COMPANY_FOUNDERS = ["accounts.services.founding.found_company"]
COMPANY_WATCHERS = ["accounts.services.company_settings.company_was_changed"]
PROVIDERS = {
    "cloud_api": "connectors.providers.cloud_api.provider.CloudApi",
    "simulator": "connectors.providers.simulator.provider.Simulator",
}

# --- database, Valkey -------------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url_config(DATABASE_URL)
    | {"ENGINE": "django_tenants.postgresql_backend", "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)
VALKEY_SOCKET_TIMEOUT_SECONDS = 5
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "recado",
        "KEY_FUNCTION": "tenants.lib.cache.company_key",
        "OPTIONS": {"socket_timeout": VALKEY_SOCKET_TIMEOUT_SECONDS, "socket_connect_timeout": 2},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 30}]},
    }
}

# --- HTTP -------------------------------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "config.machines.MachinesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.security.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.paths.TrailingSlashMiddleware",
    "tenants.middleware.CompanyMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.locality.LocalityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.throttling.RateLimitHeadersMiddleware",
]
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_HEADERS = (*default_headers, "idempotency-key", "x-request-id")
CORS_EXPOSE_HEADERS = (
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Policy",
    "X-Request-Id",
    "Idempotent-Replay",
    "Content-Disposition",
)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
IS_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# No process of ours speaks TLS: where the public address is https, a proxy does, and tells us by X-Forwarded-Proto.
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=IS_PRODUCTION and IS_HTTPS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
SECURE_SSL_REDIRECT = IS_PRODUCTION and IS_HTTPS and BEHIND_TLS_PROXY
# How many proxies of ours stand before us, each adding to X-Forwarded-For: behind a CDN and a proxy it is 2.
PROXY_HOPS = env.int("PROXY_HOPS", default=1 if BEHIND_TLS_PROXY else 0)
# Health is asked on the private network, without the proxy.
SECURE_REDIRECT_EXEMPT = [r"^(api/v1/)?health/?$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600 if IS_PRODUCTION and IS_HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
METRICS_TOKEN = env("METRICS_TOKEN", default="")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("UPLOAD_MAX_SIZE", default=100 * 1024 * 1024)
UPLOAD_MAX_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
IMPORT_MAX_SIZE = env.int("IMPORT_MAX_SIZE", default=50 * 1024 * 1024)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.CompanyTokenAuthentication",
        "accounts.authentication.ApiKeyAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.RolePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.ApiThrottle"],
    "DEFAULT_PAGINATION_CLASS": "tenants.lib.pagination.CursorPage",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tenants.lib.parsing.PlainJSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "tenants.lib.error_responses.ApiExceptionHandler"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Recado",
    "DESCRIPTION": "Helpdesk and campaigns on WhatsApp. Errors are `{type, errors: [{code, detail, attr}]}`.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": None,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_standardized_errors.openapi_hooks.postprocess_schema_enums",
    ],
    "ENUM_NAME_OVERRIDES": {},
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("ACCESS_TOKEN_MINUTES", default=15)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "USER_ID_CLAIM": "user",
}
REFRESH_REUSE_GRACE_SECONDS = 20
LOGIN_ATTEMPTS_PER_ACCOUNT = env.int("LOGIN_ATTEMPTS_PER_ACCOUNT", default=10)
LOGIN_ATTEMPTS_PER_ADDRESS = env.int("LOGIN_ATTEMPTS_PER_ADDRESS", default=60)
LOGIN_WINDOW_SECONDS = 300
# Calls a minute, 0 for no limit: of one person, one API key, one address of people who have not logged in; and of what costs more.
API_RATES = {
    "user": env.int("API_RATE_USER", default=600),
    "key": env.int("API_RATE_KEY", default=1200),
    "address": env.int("API_RATE_ADDRESS", default=300),
    "exports": env.int("API_RATE_EXPORTS", default=10),
    "imports": env.int("API_RATE_IMPORTS", default=20),
    "uploads": env.int("API_RATE_UPLOADS", default=60),
    "password": env.int("API_RATE_PASSWORD", default=10),
}
PASSWORD_RESETS_PER_ACCOUNT = env.int("PASSWORD_RESETS_PER_ACCOUNT", default=5)
PASSWORD_RESETS_PER_ADDRESS = env.int("PASSWORD_RESETS_PER_ADDRESS", default=30)
PASSWORD_RESET_WINDOW_SECONDS = 3600
PASSWORD_RESET_TIMEOUT = 3600

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- words ------------------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("pt-br", _("Brazilian Portuguese"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- files ------------------------------------------------------------------------------------------------------------------------
SPA_DIST = BASE_DIR / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(RECADO_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"] + ([("spa", SPA_DIST)] if SPA_DIST.is_dir() else [])
# The scripts of the API's docs page, from our own host: no visitor is told to a CDN, and the page's policy needs none.
DOCS_PAGE = find_spec("drf_spectacular_sidecar")
STATICFILES_DIRS += [Path(place) / "static" for place in (DOCS_PAGE and DOCS_PAGE.submodule_search_locations) or ()]
MEDIA_ROOT = RECADO_HOME / "media"
MEDIA_URL = "/files/"
# Files of messages: in MEDIA_ROOT, or in a bucket of any S3-compatible store, whose own links then lead to them.
AWS_STORAGE_BUCKET_NAME = env("AWS_STORAGE_BUCKET_NAME", default="")
AWS_S3_ENDPOINT_URL = env("AWS_S3_ENDPOINT_URL", default="") or None
STORAGE_SIGNS_LINKS = bool(AWS_STORAGE_BUCKET_NAME)
STORAGE_ORIGIN = (AWS_S3_ENDPOINT_URL or "https://*.amazonaws.com").rstrip("/") if STORAGE_SIGNS_LINKS else ""
S3_STORAGE = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": AWS_STORAGE_BUCKET_NAME,
        "endpoint_url": AWS_S3_ENDPOINT_URL,
        "region_name": env("AWS_S3_REGION_NAME", default="us-east-1"),
        "access_key": env("AWS_ACCESS_KEY_ID", default="") or None,
        "secret_key": env("AWS_SECRET_ACCESS_KEY", default="") or None,
        "addressing_style": env("AWS_S3_ADDRESSING_STYLE", default="path" if AWS_S3_ENDPOINT_URL else "auto"),
        "signature_version": "s3v4",
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": False,
    },
}
STORAGES = {
    "default": S3_STORAGE if STORAGE_SIGNS_LINKS else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/spa/assets/.+-[\w-]{8}\.\w+$"
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DJANGO_VITE = {
    "default": {
        "dev_mode": env.bool("VITE_DEV", default=False),
        "dev_server_port": env.int("VITE_PORT", default=5173),
        "manifest_path": SPA_DIST / "manifest.json",
        "static_url_prefix": "spa",
    }
}

# --- Celery (house §5: a message is only a hint; the rows are the truth) --------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT = "config.broker:Transport"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = ("tenants.lib.tasks.route_to_its_queue",)
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "global_keyprefix": env("CELERY_KEY_PREFIX", default=""),
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
# How often is looked for what a dead process or a lost task left behind.
SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=10)
CELERY_BEAT_SCHEDULE = {
    "fire due timers": {"task": "tenants.fire_due_timers", "schedule": 1.0, "options": {"expires": 5}},
    "drain the outbox": {"task": "tenants.drain_outbox", "schedule": 5.0, "options": {"expires": 10}},
    "ask how numbers are": {"task": "connectors.order_checks", "schedule": 5.0, "options": {"expires": 10}},
    "wake forgotten webhooks": {"task": "connectors.wake_forgotten_webhooks", "schedule": SWEEP_SECONDS / 2, "options": {"expires": 10}},
    "tick the simulators": {"task": "connectors.tick_simulators", "schedule": 1.0, "options": {"expires": 5}},
    "sweep media": {"task": "connectors.sweep_media", "schedule": 15.0, "options": {"expires": 30}},
    "sweep deliveries": {"task": "tickets.sweep_deliveries", "schedule": SWEEP_SECONDS, "options": {"expires": 20}},
    "sweep campaigns": {"task": "campaigns.sweep_campaigns", "schedule": SWEEP_SECONDS, "options": {"expires": 20}},
    "sweep contact imports": {"task": "contacts.sweep_imports", "schedule": 10.0, "options": {"expires": 20}},
    "sweep the audit logs": {"task": "accounts.sweep_audit_logs", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
    "sweep old letters": {"task": "accounts.sweep_letters", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
    "sweep old imports": {"task": "contacts.sweep_old_imports", "schedule": 3600.0, "options": {"expires": 600}},
    "sweep what is kept too long": {"task": "tenants.sweep_retention", "schedule": 3600.0, "options": {"expires": 600}},
}
CELERY_TIMEZONE = "UTC"

# --- presence: how long somebody counts as here whose process fell silent; their process says so three times in that time -----------
PRESENCE_LEASE_SECONDS = env.int("PRESENCE_LEASE_SECONDS", default=45)

# --- sending ----------------------------------------------------------------------------------------------------------------------
SEND_ATTEMPTS = env.int("SEND_ATTEMPTS", default=3)
SEND_BACKOFF_SECONDS = env.float("SEND_BACKOFF_SECONDS", default=5)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=30)
# A number that nothing was heard of is asked for so often; quality and limits of one that works, so often.
HEALTH_CHECK_SECONDS = env.float("HEALTH_CHECK_SECONDS", default=30)
HEALTH_REFRESH_SECONDS = env.float("HEALTH_REFRESH_SECONDS", default=300)
GRAPH_URL = env("GRAPH_URL", default="https://graph.facebook.com")
GRAPH_VERSION = env("GRAPH_VERSION", default="v23.0")
# One Meta app of the platform's that serves many companies: its webhooks come to /webhooks/cloud/, its sign-up links their numbers.
META_APP_ID = env("META_APP_ID", default="")
META_APP_SECRET = env("META_APP_SECRET", default="")
META_CONFIG_ID = env("META_CONFIG_ID", default="")
META_VERIFY_TOKEN = env("META_VERIFY_TOKEN", default="")
META_DIALOG_URL = env("META_DIALOG_URL", default="https://www.facebook.com")
SHARED_WEBHOOKS = {"cloud": {"provider": "cloud_api", "secrets": {"app_secret": META_APP_SECRET, "verify_token": META_VERIFY_TOKEN}}}
# Networks, addresses or names beside the public internet that companies may have us call (gateways on your own network).
OUTBOUND_ALLOWED = env.list("OUTBOUND_ALLOWED", default=[])
WEBHOOK_MAX_SIZE = 5 * 1024 * 1024
RETENTION_DAYS_WEBHOOKS = env.int("RETENTION_DAYS_WEBHOOKS", default=30)
RETENTION_DAYS_AUDIT = env.int("RETENTION_DAYS_AUDIT", default=730)
RETENTION_DAYS_IMPORTS = env.int("RETENTION_DAYS_IMPORTS", default=30)
# For how long finished and failed background work is shown, and kept where it is nothing else.
RETENTION_DAYS_JOBS = max(1, env.int("RETENTION_DAYS_JOBS", default=14))
RETENTION_DAYS_FLIGHTS = env.int("RETENTION_DAYS_FLIGHTS", default=14)

# Without a mail server letters lie in a folder, where a developer finds them; in production they go to the log, and the doctor warns.
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update({name: value for name, value in EMAIL_CONFIG.items() if name != "OPTIONS" and value is not None})
if not env("EMAIL_URL", default="") and not IS_PRODUCTION:
    EMAIL_BACKEND, EMAIL_FILE_PATH = "config.mail.FolderBackend", str(RECADO_HOME / "mail")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT_SECONDS", default=15)
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default=f"Recado <no-reply@{BASE_DOMAIN}>")

# --- seeing what happens ----------------------------------------------------------------------------------------------------------
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOG_FORMAT = env("LOG_FORMAT", default="console")
LOGGING_CONFIG = None
LOGGING = logging_config(level=LOG_LEVEL, form=LOG_FORMAT)
SENTRY_DSN = env("SENTRY_DSN", default="")

UNFOLD = {
    "SIDEBAR": {"show_search": True, "show_all_applications": True, "navigation": "config.dashboards.callback.navigation"},
    "DASHBOARD_CALLBACK": "config.dashboards.callback.fill",
    "STYLES": [f"{STATIC_URL}recado/admin.css"],
    "SITE_TITLE": "Recado",
    "SITE_HEADER": "Recado",
    "SITE_SYMBOL": "forum",
    "SHOW_HISTORY": True,
    "LOGIN": {"form": "accounts.admin_login.LimitedLoginForm", "image": None, "redirect_after": None},
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "232 246 241",
            "100": "208 236 226",
            "200": "163 218 198",
            "300": "113 198 167",
            "400": "67 177 137",
            "500": "31 156 115",
            "600": "13 133 98",
            "700": "11 122 92",
            "800": "9 99 75",
            "900": "6 76 58",
            "950": "4 52 40",
        }
    },
}

IS_TESTING = "pytest" in sys.modules
if SENTRY_DSN:
    traces = env.float("SENTRY_TRACES", default=0.0)
    sentry_sdk.init(dsn=SENTRY_DSN, environment=RECADO_ENV, send_default_pii=False, traces_sample_rate=traces)
