#!/bin/sh
# Everything that the pods of Valkey and its Sentinels do besides serving. Values come from the environment, so that no
# password shows in a process list.
#
#   valkey.sh start-data | start-sentinel   become a server
#   valkey.sh ready-data | ready-sentinel   readiness
#   valkey.sh leave                         hand the primary's role over before the pod goes
#   valkey.sh verify                        do primary, replicas and Sentinels agree?
set -eu
umask 077

ask() {
    password=$1 host=$2 port=$3 && shift 3
    if [ -n "$TLS_CA" ]; then set -- --tls --cacert "$TLS_CA" "$@"; fi
    REDISCLI_AUTH=$password VALKEYCLI_AUTH=$password timeout 3 valkey-cli -h "$host" -p "$port" "$@"
}

ask_data() {
    target=$1 && shift
    ask "$VALKEY_PASSWORD" "$target" 6379 "$@"
}

ask_sentinel() {
    target=$1 && shift
    ask "$SENTINEL_PASSWORD" "$target" 26379 "$@"
}

data_hosts() { for i in $(seq 0 $((DATA_REPLICAS - 1))); do echo "$DATA_NAME-$i.$DATA_DOMAIN"; done; }

sentinel_hosts() { for i in $(seq 0 $((SENTINEL_REPLICAS - 1))); do echo "$SENTINEL_NAME-$i.$SENTINEL_DOMAIN"; done; }

role_of() { ask_data "$1" ROLE 2>/dev/null | head -n 1; }

primary_by() { ask_sentinel "$1" SENTINEL GET-MASTER-ADDR-BY-NAME mymaster 2>/dev/null | head -n 1; }

# The Sentinels know the primary. Without them the data servers know what they are. Where nobody knows, which is so on the
# first start and after an outage of everything, it is pod 0.
find_primary() {
    for host in $(sentinel_hosts); do
        primary=$(primary_by "$host")
        case $primary in "$DATA_NAME"-*) echo "$primary" && return ;; esac
    done
    for host in $(data_hosts); do
        if [ "$(role_of "$host")" = master ]; then echo "$host" && return; fi
    done
    data_hosts | head -n 1
}

start_data() {
    me=$POD_NAME.$DATA_DOMAIN
    primary=$(find_primary)
    # A primary that comes back without its data would make the replicas drop theirs: let the Sentinels choose one first.
    if [ "$primary" = "$me" ] && [ "$(primary_by "$SENTINEL_SERVICE")" = "$me" ] && [ ! -e /data/appendonlydir ]; then
        sleep "$FAILOVER_SECONDS"
        primary=$(find_primary)
    fi
    {
        cat /etc/valkey/valkey.conf
        echo "replica-announce-ip $me"
        echo "requirepass $VALKEY_PASSWORD"
        echo "masterauth $VALKEY_PASSWORD"
        if [ "$primary" != "$me" ]; then echo "replicaof $primary 6379"; fi
    } >/run/valkey/valkey.conf
    exec valkey-server /run/valkey/valkey.conf
}

start_sentinel() {
    me=$POD_NAME.$SENTINEL_DOMAIN
    # A Sentinel does not start with a primary that has no address yet, and must not learn of one that just went.
    until primary=$(find_primary) && ask_data "$primary" PING 2>/dev/null | grep -q PONG; do sleep 1; done
    {
        cat /etc/valkey/sentinel.conf
        # The same identity after each restart: else the others count the former one as a voter for ever.
        echo "sentinel myid $(printf %s "$me" | sha1sum | cut -c 1-40)"
        echo "sentinel announce-ip $me"
        echo "sentinel monitor mymaster $primary 6379 $((SENTINEL_REPLICAS / 2 + 1))"
        echo "sentinel auth-pass mymaster $VALKEY_PASSWORD"
        echo "sentinel down-after-milliseconds mymaster $DOWN_AFTER"
        echo "sentinel failover-timeout mymaster $FAILOVER_TIMEOUT"
        echo "sentinel parallel-syncs mymaster 1"
        echo "requirepass $SENTINEL_PASSWORD"
        echo "sentinel sentinel-pass $SENTINEL_PASSWORD"
    } >/run/valkey/sentinel.conf
    exec valkey-sentinel /run/valkey/sentinel.conf
}

# A replica is ready when it holds what the primary holds, so that a rolling update never takes the last copy.
ready_data() { ask_data localhost INFO replication | tr -d '\r' | grep -qxE 'role:master|master_link_status:up'; }

ready_sentinel() { ask_sentinel localhost PING | grep -q PONG; }

leave() {
    if [ "$(role_of localhost)" != master ]; then return; fi
    # Refused where there is no replica to hand over to.
    if [ "$(ask_sentinel "$SENTINEL_SERVICE" SENTINEL FAILOVER mymaster)" != OK ]; then return; fi
    for _ in $(seq 20); do
        if [ "$(role_of localhost)" = slave ]; then return; fi
        sleep 1
    done
}

verify() {
    primary=$(primary_by "$SENTINEL_SERVICE")
    for host in $(sentinel_hosts); do
        found=$(primary_by "$host")
        if [ -z "$found" ] || [ "$found" != "$primary" ]; then
            echo "$host says that the primary is ${found:-unknown}, another Sentinel says ${primary:-unknown}"
            return 1
        fi
        quorum=$(ask_sentinel "$host" SENTINEL CKQUORUM mymaster || true)
        case $quorum in OK\ "$SENTINEL_REPLICAS"\ *) ;; *) echo "$host does not see all Sentinels: $quorum" && return 1 ;; esac
    done
    answer=$(ask_data "$primary" PING 2>&1 || true)
    if [ "$answer" != PONG ]; then echo "$primary, the primary, answers PING with: $answer" && return 1; fi
    replicas=$(ask_data "$primary" INFO replication | tr -d '\r' | grep -c '^slave[0-9]*:.*state=online' || true)
    if [ "$replicas" -ne $((DATA_REPLICAS - 1)) ]; then
        echo "$primary, the primary, has $replicas replicas, not $((DATA_REPLICAS - 1))"
        return 1
    fi
    echo "$primary"
}

case $1 in
    start-data) start_data ;;
    start-sentinel) start_sentinel ;;
    ready-data) ready_data ;;
    ready-sentinel) ready_sentinel ;;
    leave) leave ;;
    verify) verify ;;
esac
