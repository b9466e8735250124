"""Drives the Autobahn cases, as a server or as a client, and prints each result as a line of JSON.

The first line of a server is the port that it has chosen. The process ends with its standard input at the latest.
"""

import asyncio
import json
import os
import sys
import threading

from kosoku import FailureError, run_fuzzingclient, run_fuzzingserver


def say(**what):
    print(json.dumps(what), flush=True)


async def serve():
    async with run_fuzzingserver(host="127.0.0.1", port=0) as server:
        say(port=server.port)
        return await server.get_result()


async def run(mode, *arguments):
    try:
        results = await (serve() if mode == "server" else run_fuzzingclient(*arguments))
    except FailureError as failure:
        results = failure.results
    for result in results:
        say(
            id=result.case_id,
            behavior=result.behavior.value,
            close=result.behavior_close.value,
            result=f"{result.result} / {result.result_close}",
        )


def end_with_parent():
    sys.stdin.read()
    os._exit(1)


threading.Thread(target=end_with_parent, daemon=True).start()
asyncio.run(run(*sys.argv[1:]))
