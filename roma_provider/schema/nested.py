"""The arguments that are objects: one row a field of ``mqs`` and ``rcu``, in the order in which messages name them."""

from __future__ import annotations

from .columns import Field
from .kinds import EDITION
from .rules import anything, flag, one_of, whole, word

MQS = (
    Field(
        "engine_version",
        "str",
        one_of("2.7", "2.3.0", "1.1.0"),
        "Kafka's version: 2.7 (default), 2.3.0 or 1.1.0. Not with ``rocketmq_enable``.",
    ),
    Field("rocketmq_enable", "bool", flag, "RocketMQ in place of Kafka.", (EDITION,)),
    Field("enable_publicip", "bool", flag, "Public access to the queues.", (EDITION,)),
    Field("enable_acl", "bool", flag, "Access control lists.", (EDITION,)),
    Field("ssl_enable", "bool", flag, "SASL_SSL; it cannot be changed later."),
    Field(
        "retention_policy",
        "str",
        one_of("produce_reject", "time_base"),
        "When the disk is full: produce_reject (default) refuses messages, time_base drops the oldest.",
    ),
    Field("trace_enable", "bool", flag, "Message tracing."),
    Field("vpc_client_plain", "bool", flag, "Clients inside the VPC may connect without SSL."),
    Field("connector_enable", "bool", flag, "Connectors.", (EDITION,)),
)

SHARE = (
    Field(
        "indicator",
        "RcuIndicator",
        anything,
        "The capability, such as composite application flows or API management.",
        required=True,
        fields=(Field("id", "str", word, "Id of the RCU indicator.", required=True),),
    ),
    Field("value", "int", whole("RCUs"), "Number of RCUs, within the indicator's own range.", required=True),
)
RCUS = (
    Field("total", "int", whole("RCUs", least=1), "Sum of the RCUs; 5, 20, 40 and 80 are recommended."),
    Field("distribution", "Sequence[RcuShare]", anything, "How they are distributed.", fields=SHARE),
)
