# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role database: what it makes of backups and restores, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from role_data import RoleData

BACKUPS = {"database_backup_destination": "s3://backups/llm"}
KEYS = {"ACCESS_KEY_ID": "eA==", "ACCESS_SECRET_KEY": "eA=="}
EMPTY = {"__database_secrets_there": {"resources": []}, "__database_there": {"resources": []}}


def documents(template: str, **variables: Any) -> list[Any]:
    return RoleData("database", **EMPTY | variables).documents(template)


def problems(**variables: Any) -> list[str]:
    told = RoleData("database", **EMPTY | variables).problems("__database_checks")
    return [sentence.split(":")[0] if sentence.startswith("database_") else sentence for sentence in told]


def test_without_backups_there_is_nothing_of_them() -> None:
    assert problems() == []
    assert documents("backup.yaml.j2") == []
    [cluster] = documents("cluster.yaml.j2")
    assert "plugins" not in cluster["spec"]
    assert cluster["spec"]["bootstrap"].keys() == {"initdb"}


def test_backups_with_a_secret() -> None:
    given = BACKUPS | {
        "database_backup_secret": "s3",
        "database_backup_endpoint_url": "https://minio.example.com",
        "database_backup_ca_secret": "s3-ca",
        "__database_secrets_there": {
            "resources": [
                {"metadata": {"name": "s3"}, "data": KEYS},
                {"metadata": {"name": "s3-ca"}, "data": {"ca.crt": "eA=="}},
            ]
        },
    }
    assert problems(**given) == []
    [store] = documents("backup.yaml.j2", **given)
    assert store["metadata"]["name"] == "litellm-db-backup"
    assert store["spec"]["retentionPolicy"] == "30d"
    configuration = store["spec"]["configuration"]
    assert configuration["destinationPath"] == "s3://backups/llm"
    assert configuration["endpointURL"] == "https://minio.example.com"
    assert configuration["endpointCA"] == {"name": "s3-ca", "key": "ca.crt"}
    assert configuration["s3Credentials"] == {
        "accessKeyId": {"name": "s3", "key": "ACCESS_KEY_ID"},
        "secretAccessKey": {"name": "s3", "key": "ACCESS_SECRET_KEY"},
    }
    [cluster] = documents("cluster.yaml.j2", **given)
    assert cluster["spec"]["plugins"] == [
        {
            "name": "barman-cloud.cloudnative-pg.io",
            "isWALArchiver": True,
            "parameters": {"barmanObjectName": "litellm-db-backup", "serverName": "litellm-db"},
        }
    ]
    [schedule] = documents("schedule.yaml.j2", **given)
    assert schedule["spec"]["schedule"] == "0 0 3 * * *"


def test_backups_by_a_role_of_the_cloud() -> None:
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/backups"}
    [store] = documents("backup.yaml.j2", **BACKUPS)
    assert store["spec"]["configuration"]["s3Credentials"] == {"inheritFromIAMRole": True}
    assert "env" not in store["spec"]["instanceSidecarConfiguration"]
    [cluster] = documents("cluster.yaml.j2", **BACKUPS, database_service_account_annotations=role)
    assert cluster["spec"]["serviceAccountTemplate"]["metadata"]["annotations"] == role


def test_a_backup_is_not_subject_to_the_limits_of_requests() -> None:
    """It waits for a checkpoint, and for what is archived, for longer than a request may take."""
    [store] = documents("backup.yaml.j2", **BACKUPS)
    data = store["spec"]["configuration"]["data"]
    assert data["immediateCheckpoint"]
    assert data["additionalCommandArgs"] == ["--dbname=dbname=postgres user=postgres options=-cstatement_timeout=0"]


def test_every_place_has_a_first_backup() -> None:
    def place(**variables: Any) -> str:
        return RoleData("database", **BACKUPS | variables)["__database_backup_place"]

    assert place(database_backup_endpoint_url="") == "s3://backups/llm litellm-db"
    others = [{"database_backup_destination": "s3://other"}, {"database_backup_name": "second"}]
    assert len({place(), *(place(**other) for other in others), place(database_backup_endpoint_url="https://s3")}) == 4


def test_a_restore_that_goes_on_with_backups_of_its_own() -> None:
    given = BACKUPS | {
        "database_backup_name": "second",
        "database_restore_from": "litellm-db",
        "database_restore_time": "2026-11-26T07:30:00Z",
    }
    assert problems(**given) == []
    stores = documents("backup.yaml.j2", **given)
    assert [store["metadata"]["name"] for store in stores] == ["litellm-db-backup", "litellm-db-restore"]
    assert "retentionPolicy" not in stores[1]["spec"]
    [cluster] = documents("cluster.yaml.j2", **given)
    assert cluster["spec"]["bootstrap"] == {
        "recovery": {
            "source": "litellm-db",
            "database": "litellm",
            "owner": "litellm",
            "recoveryTarget": {"targetTime": "2026-11-26T07:30:00Z"},
        }
    }
    assert cluster["spec"]["externalClusters"][0]["plugin"]["parameters"] == {
        "barmanObjectName": "litellm-db-restore",
        "serverName": "litellm-db",
    }
    assert cluster["spec"]["plugins"][0]["parameters"]["serverName"] == "second"


@pytest.mark.parametrize(
    ("time", "given"),
    [
        ("2026-11-26T07:30:00Z", "2026-11-26T07:30:00+00:00"),
        ("2026-11-26 07:30:00+01:00", "2026-11-26T07:30:00+01:00"),
        ("2026-11-26", "2026-11-26"),
        ("'2026-11-26 07:30:00.5+01'", "2026-11-26 07:30:00.5+01"),
    ],
)
def test_a_time_needs_no_quotes(time: str, given: str) -> None:
    """YAML makes more than text of it without them."""
    variables = BACKUPS | {"database_backup_name": "second", "database_restore_from": "litellm-db"}
    variables["database_restore_time"] = yaml.safe_load(time)
    assert problems(**variables) == []
    [cluster] = documents("cluster.yaml.j2", **variables)
    assert cluster["spec"]["bootstrap"]["recovery"]["recoveryTarget"] == {"targetTime": given}


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"database_backup_destination": "backups"}, "database_backup_destination is backups, but must be an address"),
        (
            {"database_backup_schedule": "0 3 * * *"},
            'database_backup_schedule is "0 3 * * *", but must have six fields',
        ),
        (
            {"database_backup_retention": "30"},
            "database_backup_retention is 30, but must be a number of days, weeks or",
        ),
        ({"database_restore_time": "yesterday"}, "database_restore_time is yesterday, but must be a time such as 2026"),
        ({"database_restore_from": "litellm-db"}, "database_backup_name and database_restore_from are both litellm-db"),
    ],
)
def test_what_cannot_be_is_refused(variables: dict[str, Any], problem: str) -> None:
    [told] = problems(**BACKUPS | variables)
    assert told.startswith(problem)


def test_a_restore_needs_to_know_from_where() -> None:
    [told] = problems(database_restore_from="litellm-db")
    assert told.startswith(
        "database_restore_from is set, so database_restore_destination must be the address of the backups"
    )


def test_secrets_must_be_there() -> None:
    told = problems(**BACKUPS, database_backup_secret="s3", database_backup_ca_secret="s3-ca")
    assert [sentence.split(" in namespace")[0] for sentence in told] == [
        "There is no Secret s3 with the keys ACCESS_KEY_ID and ACCESS_SECRET_KEY",
        "There is no Secret s3-ca with the key ca.crt",
    ]


@pytest.mark.parametrize(
    ("bootstrap", "refused"),
    [
        ({"initdb": {}}, True),
        ({"recovery": {"source": "other"}}, True),
        ({"recovery": {"source": "litellm-db"}}, False),  # the second run after a restore
    ],
)
def test_a_database_that_is_there_is_never_restored_over(bootstrap: dict[str, Any], refused: bool) -> None:
    there = {"resources": [{"spec": {"bootstrap": bootstrap}}]}
    told = problems(
        **BACKUPS, database_backup_name="second", database_restore_from="litellm-db", __database_there=there
    )
    assert [sentence.split(" in namespace")[0] for sentence in told] == (
        ["There is a database litellm-db"] if refused else []
    )


def test_an_empty_choice_of_nodes_is_not_given_to_the_operator() -> None:
    """It would replace the servers again and again."""
    [cluster] = documents("cluster.yaml.j2")
    assert not {"nodeSelector", "tolerations"} & cluster["spec"]["affinity"].keys()
    chosen = {"database_node_selector": {"pool": "data"}, "database_tolerations": [{"key": "data"}]}
    [cluster] = documents("cluster.yaml.j2", **chosen)
    assert cluster["spec"]["affinity"]["nodeSelector"] == {"pool": "data"}
    assert cluster["spec"]["affinity"]["tolerations"] == [{"key": "data"}]


@pytest.mark.parametrize(("destination", "goes"), [("", True), ("s3://backups/litellm", False)])
def test_a_schedule_goes_when_backups_are_no_longer_asked_for(destination: str, goes: bool) -> None:
    role = RoleData("database", **EMPTY, database_backup_destination=destination)
    assert ("ScheduledBackup" in [each["kind"] for each in role["__database_optional"]]) is goes
    assert bool(role["__database_schedule"]) is not goes


@pytest.mark.parametrize(
    ("answered", "asked"),
    [({}, True), ({"inference.gateway/answered": "3-1"}, True), ({"inference.gateway/answered": "3-2"}, False)],
)
def test_the_database_is_asked_once_for_each_change(answered: dict[str, str], asked: bool) -> None:
    cluster = {"kind": "Cluster", "metadata": {"generation": 3, "annotations": answered}}
    pooler = {"kind": "Deployment", "metadata": {"generation": 2}}
    role = RoleData("database", __database_running={"reads": [{"resources": [cluster]}, {"resources": [pooler]}]})
    assert role["__database_answered"] is not asked
