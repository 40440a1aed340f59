module roomcast-bench-peer-centrifuge

go 1.26.0

require github.com/centrifugal/centrifuge v0.40.1
