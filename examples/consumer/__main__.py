"""Uses the instance of another stack: its id and what else that stack exported, and the instance as it is now."""

import pulumi

import roma_provider as roma

producer = pulumi.StackReference(pulumi.Config().require("producer"))

# As the API has it now, with every output typed. It is read; never waited for, changed or deleted.
instance = roma.Instance.get("shared", producer.require_output("instance_id"))

# As it was when the producer's last `up` ended; None where the producer exports no such name.
public: pulumi.Output[str | None] = producer.get_output("public_address")

pulumi.export("status", instance.status)
pulumi.export("url", instance.connect_address.apply(lambda address: f"https://{address}" if address else None))
pulumi.export("public_address", public)
