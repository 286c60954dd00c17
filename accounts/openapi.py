"""How the OpenAPI document describes our tokens."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class CompanyTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.CompanyTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Authorization: Api-Key <key>`"}
