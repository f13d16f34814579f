# Installs or updates okta-aws on Windows:
#   irm https://github.com/okta-aws/okta-aws/releases/latest/download/install.ps1 | iex
#
#   $env:OKTA_AWS_VERSION      version, as 1.2.3 (default: the latest)
#   $env:OKTA_AWS_INSTALL_DIR  folder to install to (default: %LOCALAPPDATA%\Programs\okta-aws)
#   $env:OKTA_AWS_RELEASE_URL  mirror of the releases page
#
# Installs the binary only after its checksum matches and it has run once. Needs no administrator.

# Works with Windows PowerShell 5.1. All code is in a function and the last line calls it, so a
# partial download does nothing. It throws, because exit would close the shell that runs `iex`.
function Install-OktaAws {
    $ErrorActionPreference = 'Stop'
    # The progress bar makes downloads in Windows PowerShell ten times slower.
    $ProgressPreference = 'SilentlyContinue'
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor
        [Net.SecurityProtocolType]::Tls12

    $releases = 'https://github.com/okta-aws/okta-aws/releases'
    if ($env:OKTA_AWS_RELEASE_URL) { $releases = $env:OKTA_AWS_RELEASE_URL.TrimEnd('/') }
    if ($releases -notmatch '^(https://|http://(127\.0\.0\.1|localhost|\[::1\])(:\d*)?(/|$))') {
        throw 'install.ps1: OKTA_AWS_RELEASE_URL must start with https://'
    }
    $from = "$releases/latest/download"
    if ($env:OKTA_AWS_VERSION -and $env:OKTA_AWS_VERSION -ne 'latest') {
        $version = $env:OKTA_AWS_VERSION -replace '^v', ''
        if ($version -notmatch '^[0-9A-Za-z.+-]+$') {
            throw 'install.ps1: OKTA_AWS_VERSION is not a valid version; set it to a version such as 1.2.3'
        }
        $from = "$releases/download/v$version"
    }
    if (-not [Environment]::Is64BitOperatingSystem) {
        throw 'install.ps1: this system is 32-bit; use a 64-bit system'
    }
    # A PowerShell for x64 says AMD64 on ARM64, too; Windows runs that binary there.
    $arm = $env:PROCESSOR_ARCHITECTURE -eq 'ARM64' -or $env:PROCESSOR_ARCHITEW6432 -eq 'ARM64'
    $machine = if ($arm) { 'arm64' } else { 'x64' }
    $asset = "okta-aws-windows-$machine.exe.gz"

    $directory = $env:OKTA_AWS_INSTALL_DIR
    if (-not $directory) { $directory = Join-Path $env:LOCALAPPDATA 'Programs\okta-aws' }
    $directory = (New-Item -ItemType Directory -Force -Path $directory).FullName
    $target = Join-Path $directory 'okta-aws.exe'
    # In the same volume, so that Move-Item is one step.
    $temporary = Join-Path $directory ('.okta-aws.' + [Guid]::NewGuid().ToString('N'))
    New-Item -ItemType Directory -Path $temporary | Out-Null
    try {
        # Without -Proxy, the system's proxy is used.
        $proxy = @{}
        if ($env:HTTPS_PROXY) { $proxy = @{ Proxy = $env:HTTPS_PROXY } }
        $sums = Join-Path $temporary 'SHA256SUMS'
        $packed = Join-Path $temporary $asset
        Write-Host "downloading $from/$asset"
        Invoke-WebRequest -UseBasicParsing -Uri "$from/SHA256SUMS" -OutFile $sums @proxy
        Invoke-WebRequest -UseBasicParsing -Uri "$from/$asset" -OutFile $packed @proxy

        $expected = $null
        foreach ($line in Get-Content $sums) {
            $sum, $file = $line -split '\s+\*?', 2
            if ($file -eq $asset) { $expected = $sum }
        }
        if (-not $expected) { throw "install.ps1: the release has no $asset" }
        if ((Get-FileHash -Algorithm SHA256 -Path $packed).Hash -ne $expected) {
            throw "install.ps1: the checksum of $asset does not match: nothing was installed"
        }

        $new = Join-Path $temporary 'okta-aws.exe'
        $source = [IO.File]::OpenRead($packed)
        $destination = [IO.File]::Create($new)
        try {
            $unpacked = New-Object IO.Compression.GZipStream(
                $source, [IO.Compression.CompressionMode]::Decompress)
            $unpacked.CopyTo($destination)
            $unpacked.Dispose()
        } finally {
            $destination.Dispose()
            $source.Dispose()
        }
        $installed = & $new --version
        if ($LASTEXITCODE -ne 0) {
            throw 'install.ps1: the binary does not run on this system: nothing was installed'
        }

        # A running program can't be replaced, but it can be renamed.
        $old = $null
        if (Test-Path $target) {
            $old = "$target.old$([Guid]::NewGuid().ToString('N'))"
            Move-Item $target $old
        }
        try {
            Move-Item $new $target
        } catch {
            if ($old) { Move-Item $old $target }
            throw
        }
        Get-ChildItem $directory -Filter 'okta-aws.exe.old*' |
            Remove-Item -Force -ErrorAction SilentlyContinue
        Write-Host "installed $installed as $target"
    } finally {
        Remove-Item -Recurse -Force $temporary -ErrorAction SilentlyContinue
    }

    $userPath = [Environment]::GetEnvironmentVariable('Path', 'User')
    if (($env:Path -split ';') -notcontains $directory) {
        Write-Host ''
        Write-Host "$directory is not in your PATH yet:"
        Write-Host "  [Environment]::SetEnvironmentVariable('Path', '$directory;$userPath', 'User')"
        Write-Host 'Run this line, then open a new terminal.'
    }
    Write-Host ''
    Write-Host 'get started:  okta-aws init'
    Write-Host 'completion:   okta-aws completions powershell | Out-String | Invoke-Expression'
    Write-Host "verify:       gh attestation verify '$target' --repo okta-aws/okta-aws"
    Write-Host 'update:       run this script again'
    Write-Host "uninstall:    okta-aws signout --all --forget; Remove-Item -Recurse '$directory'"
}

Install-OktaAws
