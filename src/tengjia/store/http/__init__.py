"""A store through HTTP: `service` decides, `server` speaks to clients, `client` is a store that lies elsewhere.

    GET  /v1/store                                          patience of the store
    GET  /v1/models                                         names of the models that the caller may see
    GET  /v1/models/<model>/state                           the state (ETag)
    GET  /v1/models/<model>/log/<number>                    events from that number on
    POST /v1/models/<model>/log                             {"id", "after", "change"}: append one event
    POST /v1/models/<model>/objects/<sha256>                {"size"}: is it there, and does it stay?
    PUT  /v1/models/<model>/objects/<sha256>                put it; visible once its hash was checked
    GET  /v1/models/<model>/objects/<sha256>/<manifest>     get it, as a file of that manifest (Range)

No part of a path is ever decoded: names and digests need no `%`, so whatever holds one is refused. A token goes in the
header `Authorization: Bearer ...`. An error is `{"code": ..., "values": {...}}`: the client has the words.
"""
