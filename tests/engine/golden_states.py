"""The golden previews of instances that are not there, not ready, not as declared, or somebody else's."""

from __future__ import annotations

from roma_provider.emulator import PROJECT_ID
from tests.engine.golden import DATA_LOSS, IDS, Case
from tests.engine.golden_programs import EDITION, NETWORK, NOTE, TIMED, edition, network, note, program
from tests.engine.programs import OTHER_VPC, Code

STILL = "`pulumi up` resumes the wait"
FIRST, SECOND = IDS
# As the tests order an instance of somebody else's.
AS_ORDERED = {"description": "", "security_group_id": "group-1"}
EXISTING = "roma:ExistingInstance"

CREATED = Case(
    "created",
    "An instance is created",
    "Beside the arguments, their defaults and where the instance is to live are known already. What the API alone "
    "knows shows as an output once it is there. The lists of the project are asked once, whether the name is free.",
    edition(),
    op="create",
)
NAME_TAKEN = Case(
    "created-name-taken",
    "A name that is taken",
    "Another instance of the project has the name, so `pulumi up` will refuse to make one, in the same words.",
    edition(),
    op="create",
    says=(f"an instance named 'roma-2222' exists already in project {PROJECT_ID}: id {FIRST}, status RUNNING",),
)
ADOPTED = Case(
    "adopted",
    "An instance is adopted",
    "It exists already and is as declared: nothing is ordered. It is asked about once.",
    edition(**AS_ORDERED, adopt_id=FIRST),
    op="create",
    says=(f"adopts instance {FIRST} (RUNNING, made 3 days ago); nothing is ordered",),
    severity="info",
)
ADOPTED_OTHERWISE = Case(
    "adopted-otherwise",
    "The instance to adopt is not what is declared",
    "`pulumi up` will refuse, in the same words.",
    edition(**{**AS_ORDERED, "vpc_id": OTHER_VPC}, adopt_id=FIRST),
    op="create",
    says=(f"adopt_id: instance {FIRST} is not what is declared: vpc_id is",),
)

RESUMED_TIME_OUT = Case(
    "resumed-after-timeout",
    "The creation took longer than custom_timeouts",
    "The state holds the instance and the reasons. The preview reads it first, and says how far it is; `pulumi up` "
    "resumes the wait as an update, and makes no second one.",
    edition(opts=TIMED),
    op="update",
    says=(STILL,),
)
RESUMED_CTRL_C = Case(
    "resumed-after-ctrl-c",
    "Ctrl-C during the creation",
    "As after a timeout: the preview reads the instance first, and `pulumi up` resumes the wait.",
    edition(),
    op="update",
    says=(STILL,),
)
FAILED = Case(
    "replaced-create-failed",
    "The creation failed",
    "The preview reads the instance first and gives the reasons. An instance that could not be created has nothing "
    "in it to lose: `pulumi up` deletes it and makes another.",
    edition(),
    op="replace",
    because=("status",),
    says=("the next `pulumi up` deletes it and creates another, once the cause is dealt with",),
)

DRIFTED = Case(
    "drift-description",
    "The description was changed in the console",
    "After a `pulumi refresh`, which found another description, the program as it was shows the difference with both "
    "values: an update, which only the console can make.",
    edition(),
    op="update",
    says=("There is no API to change 'description'",),
)
DRIFTED_PLACE = Case(
    "drift-replaces",
    "The instance is somewhere else than declared",
    "After a `pulumi refresh`, which found another VPC and subnet than the program declares. To go back to what is "
    "declared is a replacement, and the preview warns; the refresh itself never does.",
    edition(),
    op="replace",
    because=("subnet_id", "vpc_id"),
    says=(DATA_LOSS,),
    lost=True,
)
DRIFT = (
    (DRIFTED, {"description": "changed by hand"}),
    (DRIFTED_PLACE, {"tenantVpcId": OTHER_VPC, "tenantSubnetId": "7c1d4f6e-90a3-4a53"}),
)

# Fed by another resource.

FED = {**EDITION, "vpc_id": Code("network.vpc_id"), "name": Code('network.vpc_id.apply(lambda id: f"roma-{id}")')}
FEEDING = program(NETWORK + network("10.0.0.0/16"), **FED)
UNKNOWN = [
    Case(
        "unknown-inputs",
        "Inputs from a resource that is being replaced",
        "The VPC's id and the name come from a network that is to be replaced, so nobody knows them yet. They may "
        "turn out the same: the instance shows an update, not a replacement.",
        program(NETWORK + network("10.1.0.0/16"), **FED),
        op="update",
    ),
    Case(
        "unknown-and-known",
        "Inputs that are not known yet, and another security group",
        "What is known and replaces is named; what is not known yet is not.",
        program(NETWORK + network("10.1.0.0/16"), **{**FED, "security_group_id": "a1f0c3de-6d0b-4a57-b3b5"}),
        op="replace",
        because=("security_group_id",),
        says=(DATA_LOSS,),
        lost=True,
    ),
]

# Needed by another resource.

NEEDED = program(NOTE, note("reach it at"), **EDITION)
UNTOUCHED = Case(
    "dependents-known",
    "Dependents of an instance that does not change",
    "The instance does not change, so its address stays known: the note that has it has no line, and another one "
    "has the address at once.",
    program(NOTE, note("reach it at") + note("find it at", name="other"), **EDITION),
)
DEPENDENTS = [
    Case(
        "dependents-of-an-update",
        "Dependents of an instance that is updated",
        "In the preview of an update the engine takes everything that is not an argument for unknown.",
        program(NOTE, note("reach it at"), **{**EDITION, "description": "messages and APIs"}),
        op="update",
        says=("There is no API to change 'description'",),
    ),
    Case(
        "dependents-of-a-replacement",
        "Dependents of an instance that is replaced",
        "The new instance has an address of its own, which is not known yet.",
        program(NOTE, note("reach it at"), **{**EDITION, "vpc_id": OTHER_VPC}),
        op="replace",
        because=("vpc_id",),
        says=(DATA_LOSS,),
        lost=True,
    ),
]

# An instance that somebody else made.

REFERENCE = Case(
    "existing-created",
    "A reference to an existing instance",
    "`pulumi up` waits until the instance is ready; nothing is made, and `destroy` forgets it. Its outputs are known "
    "from then on.",
    program(kind="roma.ExistingInstance", instance_id=FIRST),
    op="create",
    kind=EXISTING,
)
OTHER_REFERENCE = Case(
    "existing-other-id",
    "A reference to another instance",
    "Another id is another reference: the new instance is waited for, and the old one forgotten. Nothing is deleted, "
    "so there is no warning.",
    program(kind="roma.ExistingInstance", instance_id=SECOND),
    op="replace",
    because=("instance_id",),
    kind=EXISTING,
)
