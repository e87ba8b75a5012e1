"""Arguments that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

PORT = 8600
HOST = "127.0.0.1"

StorePath = Annotated[
    Path, typer.Argument(help="the folder that the models are logged to", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="port to listen on; 0 takes any free one")]
