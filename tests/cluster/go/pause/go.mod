module inference.gateway/tests/cluster/pause

go 1.26.0
