"""A WebSocket peer made with `websockets`.

`peer.py server` listens and prints its port; `peer.py client URL` connects. What it does is told on standard input and what it
sees is printed, each as a line of JSON. The process ends with its standard input.
"""

import asyncio
import json
import os
import sys
import threading

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

current = None


def say(**what):
    print(json.dumps(what), flush=True)


async def pieces(connection, parts):
    for part in parts:
        await connection.ping()
        yield part


async def obey(order):
    match order["do"]:
        case "text":
            await current.send(order["text"])
        case "binary":
            await current.send(order["text"].encode())
        case "pieces":
            await current.send(pieces(current, order["parts"]))
        case "ping":
            await (await current.ping(order["text"]))
            say(saw="pong", text=order["text"])
        case "close":
            await current.close(order["code"], order["text"])
        case "abort":
            current.transport.abort()


async def talk(connection):
    global current
    current = connection
    offered = connection.request.headers.get("Sec-WebSocket-Extensions")
    say(saw="open", offered=offered, agreed=bool(connection.protocol.extensions))
    try:
        async for message in connection:
            say(saw="text", text=message)
    except ConnectionClosed:
        pass
    close = connection.protocol.close_rcvd
    say(saw="close", code=close.code if close else 1006, text=close.reason if close else "")


async def run(mode, *arguments):
    loop = asyncio.get_running_loop()
    threading.Thread(target=listen, args=(loop,), daemon=True).start()
    if mode == "client":
        async with connect(arguments[0], max_size=None) as connection:
            await talk(connection)
    else:
        async with serve(talk, "127.0.0.1", 0, max_size=None) as server:
            say(port=server.sockets[0].getsockname()[1])
            await server.serve_forever()


def listen(loop):
    for line in sys.stdin:
        asyncio.run_coroutine_threadsafe(obey(json.loads(line)), loop)
    os._exit(0)


asyncio.run(run(*sys.argv[1:]))
