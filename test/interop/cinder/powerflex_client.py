"""Runs OpenStack Cinder's PowerFlex REST client, as Debian packages it, against a gateway.

Arguments: port, control port, file of the gateway's certificate. Prints one JSON line per case:
{"case", "ok", "detail"}. Exit code 3: python3-cinder is missing.
"""
import json
import sys
import traceback
import types
import urllib.request
import uuid

try:
    from oslo_config import cfg

    from cinder import exception
    from cinder import objects
    objects.register_all()
    from cinder.volume.drivers.dell_emc.powerflex import driver
    from cinder.volume.drivers.dell_emc.powerflex import options
    from cinder.volume.drivers.dell_emc.powerflex import rest_client
    from cinder.volume.drivers.dell_emc.powerflex import utils
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

GIB_IN_KB = 1024 * 1024
NO_SUCH_VOLUME = "00000000000000ff"

SAN_OPTIONS = [
    cfg.StrOpt("san_ip"),
    cfg.StrOpt("san_login"),
    cfg.StrOpt("san_password", secret=True),
    cfg.BoolOpt("driver_ssl_cert_verify"),
    cfg.StrOpt("driver_ssl_cert_path"),
    cfg.StrOpt("volume_backend_name"),
    cfg.MultiOpt("replication_device", item_type=cfg.types.Dict()),
    cfg.FloatOpt("max_over_subscription_ratio", default=10.0),
]


class Configuration(cfg.ConfigOpts):
    """Cinder's options as its drivers read them, without a configuration file."""

    def __init__(self, values):
        super().__init__()
        self.register_opts(SAN_OPTIONS)
        self.register_opts(options.actual_opts)
        self.register_opts(options.deprecated_opts)
        self([], default_config_files=[], default_config_dirs=[])
        for name, value in values.items():
            self.set_override(name, value)

    def safe_get(self, name):
        return getattr(self, name, None)


class StatisticsDriver(driver.PowerFlexDriver):
    """The driver's own capacity queries and arithmetic, on a client that is logged in."""

    def __init__(self, client):
        self.statisticProperties = None
        self.client = client

    def _get_client(self, secondary=False):
        return self.client


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    url = "http://127.0.0.1:%s%s" % (sys.argv[2], path)
    request = urllib.request.Request(url, data=data, method=method,
                                     headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def new_client():
    client = rest_client.RestClient(Configuration({
        "san_ip": "127.0.0.1",
        "san_login": "admin",
        "san_password": "Secret123!",
        "powerflex_rest_server_port": int(sys.argv[1]),
        "driver_ssl_cert_verify": True,
        "driver_ssl_cert_path": sys.argv[3],
    }))
    client.do_setup()
    return client


client = new_client()
made = {}


def expect(condition, detail):
    if not condition:
        raise AssertionError(detail)


def equal(actual, expected):
    expect(actual == expected, "got %r instead of %r" % (actual, expected))


def refuses(call, *arguments):
    try:
        call(*arguments)
    except exception.VolumeBackendAPIException as error:
        return str(error)
    raise AssertionError("the call was not refused")


def act(volume_id, verb, params):
    response, body = client.execute_powerflex_post_request(
        "/instances/Volume::%(vol_id)s/action/%(verb)s", params, vol_id=volume_id, verb=verb)
    return response.status_code, body


def sdcs():
    return client.execute_powerflex_get_request("/types/Sdc/instances")[1]


def create(size_in_gib=8):
    volume_id = str(uuid.uuid4())
    provider_id = client.create_volume("pd1", "pool1", volume_id, size_in_gib, "ThinProvisioned", "None")
    return volume_id, provider_id


def version_is_at_least(version):
    return utils.version_gte(client.query_rest_api_version(), version)


def logs_in_when_it_has_no_token():
    expect(client.rest_token is None, "there was a token before")
    version = client.query_rest_api_version()
    expect(client.rest_token, "there is no token")
    return version


def logs_in_again_when_its_session_has_ended():
    before = client.rest_token
    control("POST", "/expire-sessions")
    client.query_rest_api_version(fromcache=False)
    expect(client.rest_token != before, "the token is the old one")


def finds_domain_and_pool_by_name():
    pool = client.get_storage_pool_properties("pd1", "pool1")
    equal(pool["name"], "pool1")
    equal(pool["protectionDomainId"], client._get_protection_domain_id("pd1"))


def sees_that_the_pool_is_zero_padded():
    expect(client.is_volume_creation_safe("pd1", "pool2"), "the pool counts as unsafe")


def is_told_that_a_domain_is_not_there():
    refuses(client._get_protection_domain_id_by_name, "nowhere")


def is_told_that_a_pool_is_not_there():
    refuses(client._get_storage_pool_id_by_name, "pd1", "nowhere")


def creates_a_volume_rounded_up_to_8_gib():
    made["name_id"], made["volume"] = create(10)
    volume = client.query_volume(made["volume"])
    equal(volume["sizeInKb"], 16 * GIB_IN_KB)
    equal(volume["volumeType"], "ThinProvisioned")
    equal(volume["mappedSdcInfo"], None)
    equal(volume["name"], utils.id_to_base64(made["name_id"]))


def is_refused_a_name_in_use():
    text = refuses(client.create_volume, "pd1", "pool1", made["name_id"], 8, "ThinProvisioned", "None")
    expect("Volume name already in use" in text, text)


def finds_a_base64_name_encoded_once():
    name = "a+b/c=="
    act(made["volume"], "setVolumeName", {"newName": name})
    quoted = urllib.request.quote(name, "").replace("%", "%%")
    equal(client.execute_powerflex_get_request("/types/Volume/instances/getByName::" + quoted)[1], made["volume"])


def extends_a_volume():
    client.extend_volume(made["volume"], 24)
    equal(client.query_volume(made["volume"])["sizeInKb"], 24 * GIB_IN_KB)


def is_refused_to_shrink_a_volume():
    equal(act(made["volume"], "setVolumeSize", {"sizeInGB": "8"})[1]["errorCode"], 133)


def renames_a_volume():
    new_id = str(uuid.uuid4())
    client.rename_volume({"provider_id": made["volume"]}, new_id)
    equal(client.query_volume(made["volume"])["name"], utils.id_to_base64(new_id))


def ignores_the_rename_of_a_volume_that_is_not_there():
    client.rename_volume({"provider_id": NO_SUCH_VOLUME}, str(uuid.uuid4()))


def ignores_the_rename_of_an_id_that_is_no_id():
    client.rename_volume({"provider_id": "not-an-id"}, str(uuid.uuid4()))


def takes_a_snapshot():
    made["snapshot"] = client.snapshot_volume(made["volume"], str(uuid.uuid4()))
    snapshot = client.query_volume(made["snapshot"])
    equal(snapshot["volumeType"], "Snapshot")
    equal(snapshot["ancestorVolumeId"], made["volume"])
    equal(snapshot["vtreeId"], client.query_volume(made["volume"])["vtreeId"])


def reaches_the_snapshot_limit_as_its_own_error():
    try:
        for _ in range(4):
            client.snapshot_volume(made["volume"], str(uuid.uuid4()))
    except exception.SnapshotLimitReached:
        return
    raise AssertionError("the limit was never reached")


def takes_snapshots_of_a_snapshot():
    _, provider_id = create()
    first = client.snapshot_volume(provider_id, str(uuid.uuid4()))
    second = client.snapshot_volume(first, str(uuid.uuid4()))
    equal(client.query_volume(second)["ancestorVolumeId"], first)
    client.remove_volume(first)
    equal(client.query_volume(second)["ancestorVolumeId"], provider_id)


def is_refused_a_snapshot_under_a_name_in_use():
    _, provider_id = create()
    snapshot_id = str(uuid.uuid4())
    client.snapshot_volume(provider_id, snapshot_id)
    text = refuses(client.snapshot_volume, provider_id, snapshot_id)
    expect("Volume name already in use" in text, text)


def sets_the_limits_that_the_driver_computes():
    _, provider_id = create(16)
    quality = {"maxIOPSperGB": "5", "maxBWSperGB": "1000", "maxIOPS": "70"}
    sdc_id = sdcs()[0]["id"]
    limits = {
        "sdcId": sdc_id,
        "iopsLimit": driver.PowerFlexDriver._get_iops_limit(16, quality),
        "bandwidthLimitInKbps": driver.PowerFlexDriver._get_bandwidth_limit(16, quality),
    }
    equal(act(provider_id, "addMappedSdc", {"sdcId": sdc_id})[0], 200)
    equal(act(provider_id, "setMappedSdcLimits", limits), (200, {}))
    mapping, = client.query_volume(provider_id)["mappedSdcInfo"]
    equal((mapping["limitIops"], mapping["limitBwInMbps"]), (70, 16))


def maps_to_two_sdcs_with_limits():
    first, second = sdcs()[:2]
    equal(act(made["volume"], "addMappedSdc", {"guid": first["sdcGuid"], "allowMultipleMappings": "TRUE"})[0], 200)
    equal(act(made["volume"], "addMappedSdc", {"sdcId": second["id"], "allowMultipleMappings": "TRUE"})[0], 200)
    limits = {"sdcId": second["id"], "iopsLimit": "1000", "bandwidthLimitInKbps": "10240"}
    equal(act(made["volume"], "setMappedSdcLimits", limits)[0], 200)
    mapped = {info["sdcId"]: info for info in client.query_volume(made["volume"])["mappedSdcInfo"]}
    equal(sorted(mapped), sorted([first["id"], second["id"]]))
    equal(mapped[second["id"]]["limitIops"], 1000)
    equal(mapped[second["id"]]["limitBwInMbps"], 10)
    equal(mapped[first["id"]]["limitIops"], 0)


def is_told_that_a_volume_is_already_mapped():
    status, body = act(made["volume"], "addMappedSdc", {"sdcId": sdcs()[0]["id"], "allowMultipleMappings": "TRUE"})
    equal((status, body["errorCode"]), (500, 81))


def is_refused_a_further_sdc_without_the_flag():
    _, provider_id = create()
    first, second = sdcs()[:2]
    equal(act(provider_id, "addMappedSdc", {"sdcId": first["id"]})[0], 200)
    equal(act(provider_id, "addMappedSdc", {"sdcId": second["id"]})[1]["errorCode"], 297)
    made["mapped"] = provider_id


def unmaps_one_of_two_sdcs():
    first, second = sdcs()[:2]
    equal(act(made["volume"], "removeMappedSdc", {"sdcId": first["id"]})[0], 200)
    infos = client.query_volume(made["volume"])["mappedSdcInfo"]
    equal([info["sdcId"] for info in infos], [second["id"]])


def is_told_that_a_volume_is_not_mapped():
    equal(act(made["volume"], "removeMappedSdc", {"sdcId": sdcs()[0]["id"]})[1]["errorCode"], 84)


def computes_the_capacity_of_a_pool():
    total, free, provisioned = StatisticsDriver(client)._query_pool_stats("pd1", "pool2")
    expect(total >= free >= 1024, "total %s, free %s" % (total, free))
    equal(provisioned, 0)
    client.create_volume("pd1", "pool2", str(uuid.uuid4()), 16, "ThickProvisioned", "None")
    after = StatisticsDriver(client)._query_pool_stats("pd1", "pool2")
    equal(after[2], 16)
    equal(free - after[1], 16)
    equal(after[0], total)


def queries_a_tree():
    vtree_id = client.query_volume(made["volume"])["vtreeId"]
    equal(client.query_vtree(vtree_id, made["volume"])["id"], vtree_id)


def migrates_a_tree_to_another_pool():
    _, provider_id = create()
    volume = types.SimpleNamespace(id="migrated", provider_id=provider_id)
    pool_id = client.get_storage_pool_id("pd1", "pool2")
    params = {"destSPId": pool_id, "volTypeConversion": "NoConversion"}
    client.migrate_vtree(volume, params)
    equal(client.query_volume(provider_id)["storagePoolId"], pool_id)
    equal(client.migrate_vtree(volume, params)["errorCode"], 718)


def sees_a_migration_until_it_is_over():
    control("POST", "/behaviour", {"migrationSeconds": 600})
    _, provider_id = create()
    volume = types.SimpleNamespace(id="moving", provider_id=provider_id)
    vtree_id = client.query_volume(provider_id)["vtreeId"]
    params = {"destSPId": client.get_storage_pool_id("pd1", "pool2"), "volTypeConversion": "NoConversion",
              "compressionMethod": "None", "allowDuringRebuild": "False"}
    client.migrate_vtree(volume, params)
    made["migrating"] = (volume, vtree_id, params)
    info = client.query_vtree(vtree_id, volume.id)["vtreeMigrationInfo"]
    equal((info["migrationStatus"], info["migrationPauseReason"]), ("MigrationNormal", None))
    equal(info["destinationStoragePoolId"], params["destSPId"])
    control("POST", "/clock", {"advanceSeconds": 300})
    equal([entry["percent"] for entry in control("GET", "/migrations")], [50])


def is_told_that_a_migration_is_under_way():
    volume, _, params = made["migrating"]
    equal(client.migrate_vtree(volume, params)["errorCode"], 717)


def sees_that_a_migration_was_paused():
    volume, vtree_id, _ = made["migrating"]
    equal(act(volume.provider_id, "pauseVTreeMigration", {"pauseType": "Forcefully"})[0], 200)
    info = client.query_vtree(vtree_id, volume.id)["vtreeMigrationInfo"]
    equal(info["migrationStatus"], "Paused")
    expect(info["migrationPauseReason"], "no reason is given")


def sees_that_a_migration_has_ended():
    volume, vtree_id, params = made["migrating"]
    equal(act(volume.provider_id, "resumeVTreeMigration", {})[0], 200)
    control("POST", "/clock", {"advanceSeconds": 301})
    info = client.query_vtree(vtree_id, volume.id)["vtreeMigrationInfo"]
    equal((info["migrationStatus"], info["migrationPauseReason"]), ("NotInMigration", None))
    equal(client.query_volume(volume.provider_id)["storagePoolId"], params["destSPId"])
    control("POST", "/behaviour", {"migrationSeconds": 0})


def restores_a_volume_from_its_snapshot():
    volume = types.SimpleNamespace(id="volume", provider_id=made["volume"])
    snapshot = types.SimpleNamespace(id="snapshot", provider_id=made["snapshot"])
    client.overwrite_volume_content(volume, snapshot)


def deletes_a_volume_that_is_mapped():
    client.remove_volume(made["mapped"])
    refuses(client.query_volume, made["mapped"])


def deletes_a_volume_and_keeps_its_snapshot():
    client.remove_volume(made["volume"])
    refuses(client.query_volume, made["volume"])
    equal(client.query_volume(made["snapshot"])["ancestorVolumeId"], None)


def ignores_the_deletion_of_what_is_gone():
    client.remove_volume(made["volume"])


def is_told_that_a_volume_is_not_there():
    text = refuses(client.query_volume, NO_SUCH_VOLUME)
    expect("Could not find the volume" in text, text)


CASES = [
    logs_in_when_it_has_no_token,
    logs_in_again_when_its_session_has_ended,
    finds_domain_and_pool_by_name,
    sees_that_the_pool_is_zero_padded,
    is_told_that_a_domain_is_not_there,
    is_told_that_a_pool_is_not_there,
    creates_a_volume_rounded_up_to_8_gib,
    is_refused_a_name_in_use,
    finds_a_base64_name_encoded_once,
    extends_a_volume,
    is_refused_to_shrink_a_volume,
    renames_a_volume,
    ignores_the_rename_of_a_volume_that_is_not_there,
    ignores_the_rename_of_an_id_that_is_no_id,
    takes_a_snapshot,
    reaches_the_snapshot_limit_as_its_own_error,
    takes_snapshots_of_a_snapshot,
    is_refused_a_snapshot_under_a_name_in_use,
    sets_the_limits_that_the_driver_computes,
    maps_to_two_sdcs_with_limits,
    is_told_that_a_volume_is_already_mapped,
    is_refused_a_further_sdc_without_the_flag,
    unmaps_one_of_two_sdcs,
    is_told_that_a_volume_is_not_mapped,
    computes_the_capacity_of_a_pool,
    queries_a_tree,
    deletes_a_volume_that_is_mapped,
    is_told_that_a_volume_is_not_there,
]

CASES_SINCE_3 = [
    migrates_a_tree_to_another_pool,
    sees_a_migration_until_it_is_over,
    is_told_that_a_migration_is_under_way,
    sees_that_a_migration_was_paused,
    sees_that_a_migration_has_ended,
    restores_a_volume_from_its_snapshot,
]

LAST_CASES = [
    deletes_a_volume_and_keeps_its_snapshot,
    ignores_the_deletion_of_what_is_gone,
]


def run(case):
    try:
        return {"ok": True, "detail": case() or ""}
    except Exception:
        return {"ok": False, "detail": traceback.format_exc(limit=4)}


def report(cases):
    for case in cases:
        print(json.dumps({"case": case.__name__.replace("_", " "), **run(case)}), flush=True)


report(CASES)
if version_is_at_least("3.0"):
    report(CASES_SINCE_3)
report(LAST_CASES)
