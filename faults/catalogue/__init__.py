"""One file per fault; each ends in `FAULT = …`."""
