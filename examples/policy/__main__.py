"""The policy pack: `pulumi preview --policy-pack …`, see README.md."""

from pulumi_policy import EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy
from roma_rules import RULES

PolicyPack(
    name="roma-connect",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy(
            name=rule.name,
            description=rule.description,
            validate=rule.validate,
            config_schema=PolicyConfigSchema(properties=dict(rule.settings), required=list(rule.required))
            if rule.settings
            else None,
        )
        for rule in RULES
    ],
)
