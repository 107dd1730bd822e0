"""The recogniser beside its peers: same training content, same rows, one run (`python -m benchmarks.peers`)."""
