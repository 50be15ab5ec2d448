class ntp (
  Array[String] $servers,
) {
  file { '/etc/ntp.conf':
    content => template('ntp/ntp.conf.erb'),
  }
}
