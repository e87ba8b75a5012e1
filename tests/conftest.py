"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("inspectree", deadline=None)  # machines may be slow, and busy with other tests
settings.load_profile("inspectree")
