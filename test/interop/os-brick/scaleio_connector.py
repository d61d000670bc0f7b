"""Runs OpenStack os-brick's ScaleIO connector, as Debian packages it, against a gateway.

Arguments: port, control port, file of the gateway's certificate. Prints one JSON line per case:
{"case", "ok", "detail"}. Exit code 3: python3-os-brick is missing.

What it says to the gateway is the package's own code. Played by this script, since there is no kernel driver here:
the two requests to /dev/scini (the GUID of this SDC; rescan), the password file in /opt, the folder in which
the kernel shows mapped volumes, and the program that tells a device's size.
"""
import base64
import json
import os
import ssl
import sys
import tempfile
import traceback
import urllib.request

try:
    from oslo_concurrency import lockutils

    from os_brick import exception
    from os_brick.initiator.connectors import scaleio
    from os_brick.privileged import scaleio as priv_scaleio
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)

PORT, CONTROL_PORT, CERTIFICATE = sys.argv[1:4]
SYSTEM_ID = "3f2a91c45b7d6e08"
FOLDER = tempfile.TemporaryDirectory(prefix="patina-os-brick-")
DEVICES = os.path.join(FOLDER.name, "devices")
os.mkdir(DEVICES)
lockutils.set_defaults(lock_path=os.path.join(FOLDER.name, "locks"))


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request("http://127.0.0.1:%s%s" % (CONTROL_PORT, path), data=data, method=method,
                                     headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def state():
    return control("GET", "/state")


HOST = min(state()["sdcs"], key=lambda sdc: sdc["name"])
POOL = state()["pools"][0]


def volumes_here():
    return [volume for volume in state()["volumes"]
            if any(mapping["sdcId"] == HOST["id"] for mapping in volume["mappings"])]


priv_scaleio.get_guid = lambda op_code: HOST["guid"].lower()
priv_scaleio.rescan_vols = lambda op_code: None
priv_scaleio.get_connector_password = lambda filename, group, failed_over: "Secret123!"


class Connector(scaleio.ScaleIOConnector):
    def get_search_path(self):
        shown = {"emc-vol-%s-%s" % (SYSTEM_ID, volume["id"]) for volume in volumes_here()}
        for name in os.listdir(DEVICES):
            if name not in shown:
                os.remove(os.path.join(DEVICES, name))
        for name in shown:
            open(os.path.join(DEVICES, name), "w").close()
        return DEVICES

    def _execute(self, *command, **_options):
        equal(command[:2], ("blockdev", "--getsize64"))
        return str(volume(command[2][-16:])["sizeInKb"] * 1024), ""


def connector():
    return Connector("sudo", device_scan_attempts=1)


def properties(**more):
    return {
        "hostIP": HOST["ips"][0],
        "serverIP": "127.0.0.1",
        "serverPort": PORT,
        "serverUsername": "admin",
        "config_group": "powerflex",
        "iopsLimit": None,
        "bandwidthLimit": None,
        "verify_certificate": True,
        "certificate_path": CERTIFICATE,
        **more,
    }


def create(name, sdc=None):
    body = {"name": name, "storagePoolId": POOL["id"], "volumeSizeInKb": "8388608", "volumeType": "ThinProvisioned"}
    volume_id = control("POST", "/volumes", body)["id"]
    if sdc is not None:
        control("POST", "/volumes/%s/mappings" % volume_id, {"sdc": sdc})
    return volume_id


def gateway(path, password, body=None):
    data = None if body is None else json.dumps(body).encode()
    credentials = base64.b64encode(("admin:%s" % password).encode()).decode()
    request = urllib.request.Request("https://127.0.0.1:%s/api%s" % (PORT, path), data=data,
                                     headers={"content-type": "application/json", "authorization": "Basic " + credentials})
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=CERTIFICATE)) as response:
        return json.load(response)


def gateway_act(volume_id, verb, body):
    gateway("/instances/Volume::%s/action/%s" % (volume_id, verb), gateway("/login", "Secret123!"), body)


def volume(volume_id):
    return next(candidate for candidate in state()["volumes"] if candidate["id"] == volume_id)


def mapping_of(volume_id):
    return next((mapping for mapping in volume(volume_id)["mappings"] if mapping["sdcId"] == HOST["id"]), None)


def expect(condition, detail):
    if not condition:
        raise AssertionError(detail)


def equal(actual, expected):
    expect(actual == expected, "got %r instead of %r" % (actual, expected))


def fails(call, *arguments):
    try:
        call(*arguments)
    except exception.BrickException as error:
        return str(error)
    raise AssertionError("the call did not fail")


def connects_a_volume_that_it_knows_by_id_and_finds_its_device():
    volume_id = create("by-id")
    info = connector().connect_volume(properties(scaleIO_volname="by-id", scaleIO_volume_id=volume_id))
    equal(info["path"], "%s/emc-vol-%s-%s" % (DEVICES, SYSTEM_ID, volume_id))
    expect(mapping_of(volume_id), "it is not mapped")


def finds_a_volume_by_a_name_encoded_twice():
    name = "a+b/c=="
    volume_id = create(name)
    info = connector().connect_volume(properties(scaleIO_volname=name))
    expect(info["path"].endswith(volume_id), info["path"])


def logs_in_again_when_its_token_is_refused():
    volume_id = create("stale-token")
    stale = properties(scaleIO_volname="stale-token", serverPassword="Secret123!", serverToken="no-token-any-more")
    client = connector()
    client.connect_volume(stale)
    expect(client.server_token not in (None, "no-token-any-more"), "it has no new token")
    expect(mapping_of(volume_id), "it is not mapped")


def takes_a_volume_that_is_already_mapped_as_connected():
    volume_id = create("mapped", HOST["id"])
    info = connector().connect_volume(properties(scaleIO_volname="mapped", scaleIO_volume_id=volume_id))
    expect(info["path"].endswith(volume_id), info["path"])


def maps_a_volume_that_another_host_has_too():
    other = next(sdc for sdc in state()["sdcs"] if sdc["id"] != HOST["id"])
    volume_id = create("shared", other["id"])
    connector().connect_volume(properties(scaleIO_volname="shared", scaleIO_volume_id=volume_id))
    equal(len(volume(volume_id)["mappings"]), 2)


def sets_limits_after_it_has_mapped():
    volume_id = create("limited")
    limits = properties(scaleIO_volname="limited", scaleIO_volume_id=volume_id, iopsLimit="200", bandwidthLimit="20480")
    connector().connect_volume(limits)
    equal((mapping_of(volume_id)["limitIops"], mapping_of(volume_id)["limitBwInKbps"]), (200, 20480))


def sees_the_size_that_a_volume_grew_to():
    volume_id = create("small")
    known = properties(scaleIO_volname="small", scaleIO_volume_id=volume_id)
    connector().connect_volume(known)
    expect(connector().extend_volume(known) == 8 << 30, "another size before")
    gateway_act(volume_id, "setVolumeSize", {"sizeInGB": "16"})
    equal(connector().extend_volume(known), 16 << 30)


def disconnects_only_its_own_host():
    volume_id = next(candidate["id"] for candidate in state()["volumes"] if candidate["name"] == "shared")
    gone = properties(scaleIO_volname="shared", scaleIO_volume_id=volume_id)
    connector().disconnect_volume(gone, {"path": ""})
    equal(mapping_of(volume_id), None)
    equal(len(volume(volume_id)["mappings"]), 1)


def takes_a_volume_that_is_not_mapped_as_disconnected():
    volume_id = create("never-mapped")
    connector().disconnect_volume(properties(scaleIO_volname="never-mapped", scaleIO_volume_id=volume_id), {"path": ""})
    equal(mapping_of(volume_id), None)


def finds_the_sdc_of_an_address():
    client = connector()
    client.get_config(properties(scaleIO_volname="", serverPassword="Secret123!", serverToken="none"))
    equal(client._get_client_id(), HOST["id"])


def is_told_that_no_sdc_has_an_address():
    client = connector()
    client.get_config(properties(scaleIO_volname="", hostIP="192.0.2.250", serverPassword="Secret123!", serverToken="none"))
    expect("was not found" in fails(client._get_client_id), "another failure")


def is_told_that_a_volume_is_not_there():
    text = fails(connector().connect_volume, properties(scaleIO_volname="gone", scaleIO_volume_id="00000000000000ff"))
    expect("Could not find the volume" in text, text)


CASES = [
    connects_a_volume_that_it_knows_by_id_and_finds_its_device,
    finds_a_volume_by_a_name_encoded_twice,
    logs_in_again_when_its_token_is_refused,
    takes_a_volume_that_is_already_mapped_as_connected,
    maps_a_volume_that_another_host_has_too,
    sets_limits_after_it_has_mapped,
    sees_the_size_that_a_volume_grew_to,
    disconnects_only_its_own_host,
    takes_a_volume_that_is_not_mapped_as_disconnected,
    finds_the_sdc_of_an_address,
    is_told_that_no_sdc_has_an_address,
    is_told_that_a_volume_is_not_there,
]


def run(case):
    try:
        case()
        return {"ok": True, "detail": ""}
    except Exception:
        return {"ok": False, "detail": traceback.format_exc(limit=4)}


for case in CASES:
    print(json.dumps({"case": case.__name__.replace("_", " "), **run(case)}), flush=True)
