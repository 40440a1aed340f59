# What the commands at the top have in common: finding a JDK and Maven, and saying what is missing. Sourced by bash.

least_java=17
least_maven=3.8.6

# Ends with a message on stderr.
fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# The major version of the JDK in this folder, or nothing if there is none.
java_major() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Whether this folder is a JDK (not only a JRE) that is new enough.
is_jdk() {
  local major
  major=$(java_major "$1")
  [ -n "$major" ] && [ "$major" -ge "$least_java" ] && [ -x "$1/bin/javac" ]
}

# The home of the JDK whose java is on PATH, or nothing. A shim (jenv, pyenv and the like) is asked, not followed.
java_home_of_path() {
  local java home
  java=$(command -v java) || return 0
  home=$(dirname "$(dirname "$(readlink -f "$java")")")
  if [ ! -r "$home/release" ]; then
    home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  fi
  printf '%s' "$home"
}

# The JDKs of this machine, each folder once, the newest version last.
all_jdks() {
  local home
  for home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    if [ ! -L "$home" ] && is_jdk "$home"; then
      printf '%s %s\n' "$(java_major "$home")" "$home"
    fi
  done | sort -n | cut -d ' ' -f 2-
}

# Sets and exports JAVA_HOME, and java_version to its major version: what the caller set, else what is on PATH, else the
# newest of this machine. What was set on purpose is never replaced silently.
find_jdk() {
  if [ -n "${JAVA_HOME:-}" ]; then
    is_jdk "$JAVA_HOME" || fail \
      "JAVA_HOME is $JAVA_HOME, which is no JDK $least_java or newer (with javac)." \
      "Unset it, or set it to one. On Debian: apt-get install openjdk-17-jdk-headless"
  else
    JAVA_HOME=$(java_home_of_path)
    is_jdk "$JAVA_HOME" || JAVA_HOME=$(all_jdks | tail -n 1)
    [ -n "$JAVA_HOME" ] || fail \
      "Roomcast needs a JDK $least_java or newer (with javac), and there is none on PATH or in /usr/lib/jvm." \
      "On Debian: apt-get install openjdk-17-jdk-headless   (or default-jdk-headless; elsewhere: set JAVA_HOME)"
  fi
  export JAVA_HOME
  java_version=$(java_major "$JAVA_HOME")
}

# Ends unless there is a Maven that is new enough; find_jdk goes first.
find_maven() {
  local version
  command -v mvn > /dev/null || fail \
    "Roomcast is built with Maven $least_maven or newer, and there is no mvn on PATH." \
    "On Debian: apt-get install maven"
  version=$(mvn -v -B 2> /dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [ "$(printf '%s\n%s\n' "$least_maven" "$version" | sort -V | head -n 1)" = "$least_maven" ] || fail \
    "Roomcast is built with Maven $least_maven or newer; $(command -v mvn) is ${version:-broken (try: mvn -v)}." \
    "On Debian 12 or newer: apt-get install maven"
}

# Sets jvm_options to what Roomcast wants of the JDK that find_jdk found; the caller's own options are the arguments.
choose_jvm_options() {
  local option
  # After an OutOfMemoryError nobody knows what still works; whoever watches over the server starts it again.
  jvm_options=(-XX:+ExitOnOutOfMemoryError)
  # Netty follows one buffer of 128 to see whether it is given back. The tests follow all.
  jvm_options+=(-Dio.netty.leakDetection.level=disabled)
  # Netty calls native code and manages memory of its own. Newer JDKs print warnings, and check each access, unless told
  # that this is meant.
  [ "$java_version" -lt 24 ] || jvm_options+=(--enable-native-access=ALL-UNNAMED)
  for option in "24 --sun-misc-unsafe-memory-access=allow" "25 -XX:+UseCompactObjectHeaders"; do
    [ "$java_version" -ge "${option%% *}" ] || continue
    option=${option#* }
    # JDKs up to 25 have been tried; a later one may no longer know the option.
    if [ "$java_version" -le 25 ] || jdk_takes "$option"; then
      jvm_options+=("$option")
    fi
  done
  # What the JVM's compilers took goes back to the system when they are done, some 15 MB. Not every version knows it, and it
  # warns where there is no glibc, whose malloc_trim(3) it is.
  option=-XX:TrimNativeHeapInterval=30000
  if jdk_takes_silently "$option"; then jvm_options+=("$option"); fi
  choose_collector "$@"
}

# The same for a command that a person or a script waits for, and that has little to do: what starts fastest.
choose_brief_options() {
  jvm_options=(-XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto)
  [ "$java_version" -lt 24 ] || jvm_options+=(--enable-native-access=ALL-UNNAMED)
  if [ "$java_version" -ge 24 ] && { [ "$java_version" -le 25 ] || jdk_takes --sun-misc-unsafe-memory-access=allow; }; then
    jvm_options+=(--sun-misc-unsafe-memory-access=allow)
  fi
  chooses_collector "$@" || jvm_options+=(-XX:+UseSerialGC)
  # Arguments are text in the locale's encoding; cron and CI have none, which Java takes for ASCII.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in *[Uu][Tt][Ff]*) ;; *) export LC_ALL=C.UTF-8 ;; esac
}

# Whether the caller's options, given as arguments or in the JVM's own variables, name a collector: two are an error.
chooses_collector() {
  case " $* ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} " in *" -XX:+Use"*"GC "*) ;; *) return 1 ;; esac
}

# A collector that does not stop a room for the sake of ten thousand idle connections, unless the caller's options choose
# one. ADR 0015 has the figures.
choose_collector() {
  if chooses_collector "$@"; then return; fi
  # In one generation, as ADR 0015 says. Not every vendor builds it in.
  local shenandoah=(-XX:+UseShenandoahGC -XX:ShenandoahGCMode=satb)
  # It asks itself whether to begin a collection every millisecond while memory is taken, and every 10 ms when not. Each time
  # costs as much as a few deliveries; every 10 ms and every 100 ms is often enough for heaps that last for seconds.
  local seldom=(-XX:+UnlockExperimentalVMOptions -XX:ShenandoahControlIntervalMin=10 -XX:ShenandoahControlIntervalMax=100)
  if jdk_takes "${shenandoah[@]}" "${seldom[@]}"; then
    jvm_options+=("${shenandoah[@]}" "${seldom[@]}")
  elif jdk_takes "${shenandoah[@]}"; then
    jvm_options+=("${shenandoah[@]}")
  else
    jvm_options+=(-XX:MaxGCPauseMillis=10)
  fi
}

# Whether the JDK starts with these options.
jdk_takes() {
  "$JAVA_HOME/bin/java" "$@" -version > /dev/null 2>&1
}

# The same, and it does not warn of them.
jdk_takes_silently() {
  local said
  said=$("$JAVA_HOME/bin/java" "$@" -version 2>&1) && [[ $said != *warning* ]]
}
