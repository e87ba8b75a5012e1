"""The files of a store. The only code that knows an HDF5 path."""
